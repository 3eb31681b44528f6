import { type Environment, environments, type Policy, type PortSpan, sizeOf } from '../domain/policy.ts';
import type { Database } from '../storage/database.ts';

/** How full the range of an environment is on one host. */
export interface RangeUsage extends PortSpan {
  readonly environment: Environment;
  readonly size: number;
  readonly used: number;
}

/** The ranges of each host in one query, in the order of the names. */
export async function readRangeUsage(
  database: Database,
  policy: Policy,
  hostNames: readonly string[],
): Promise<RangeUsage[][]> {
  const spans = environments.map((environment) => policy.ranges[environment]);
  const rows = await database.query<{ host_name: string; start: number; used: number }>(
    `SELECT a.host_name, span.start, count(*)::integer AS used
     FROM wharfinger.port_allocation a
     JOIN unnest($2::integer[], $3::integer[]) AS span (start, finish) ON a.port BETWEEN span.start AND span.finish
     WHERE a.released_at IS NULL AND a.host_name = ANY($1::text[])
     GROUP BY a.host_name, span.start`,
    [hostNames, spans.map(({ start }) => start), spans.map(({ end }) => end)],
  );
  return hostNames.map((hostName) =>
    environments.map((environment) => {
      const span = policy.ranges[environment];
      const row = rows.find((each) => each.host_name === hostName && each.start === span.start);
      return { environment, ...span, size: sizeOf(span), used: row?.used ?? 0 };
    }),
  );
}
