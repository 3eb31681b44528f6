import type { Listener } from '../domain/registry-model.ts';
import type { Sql } from './database.ts';
import { listenerFromRow, type Row } from './rows.ts';

/** So many rows of each host, after so many. */
export interface RowsPerHost {
  readonly take: number;
  readonly skip: number;
}

/** What listened on each of these hosts at its last look, by port and process id, in one statement. */
export async function readListeners(
  sql: Sql,
  hostNames: readonly string[],
  { take, skip }: RowsPerHost,
): Promise<Map<string, Listener[]>> {
  const rows = await sql.query<{ row: Row }>(
    `SELECT to_json(found) AS row FROM unnest($1::text[]) AS wanted (host_name)
     CROSS JOIN LATERAL (
       SELECT * FROM wharfinger.listener l WHERE l.host_name = wanted.host_name
       ORDER BY l.port, l.process_id LIMIT $2 OFFSET $3
     ) found
     ORDER BY found.host_name, found.port, found.process_id`,
    [[...new Set(hostNames)], take, skip],
  );
  const byHost = new Map<string, Listener[]>();
  for (const { row } of rows) {
    const listener = listenerFromRow(row);
    const ofHost = byHost.get(listener.hostName);
    if (ofHost) ofHost.push(listener);
    else byHost.set(listener.hostName, [listener]);
  }
  return byHost;
}

/** The ports on which something listened at the last look at each of these hosts, if that was not before `since`. */
export async function readListenedPorts(
  sql: Sql,
  hostNames: readonly string[],
  since: Date,
): Promise<Map<string, Set<number>>> {
  const rows = await sql.query<{ host_name: string; ports: number[] }>(
    `SELECT host_name, array_agg(DISTINCT port) AS ports
     FROM wharfinger.listener JOIN wharfinger.host ON host.name = listener.host_name
     WHERE host_name = ANY($1::text[]) AND scanned_at >= $2 GROUP BY host_name`,
    [hostNames, since],
  );
  return new Map(rows.map(({ host_name, ports }) => [host_name, new Set(ports)]));
}
