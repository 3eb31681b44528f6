import { ConflictBook } from '../domain/conflict-book.ts';
import type { ServiceKey } from '../domain/ledger.ts';
import { type HostTimes, neverScanned } from '../domain/observed-time.ts';
import type { Allocation, Worktree } from '../domain/registry-model.ts';
import type { Sql } from './database.ts';
import { allocationFromRow, conflictFromRow, hostFromRow, type Row, worktreeFromRow } from './rows.ts';

/** What a batch of decisions needs to see, beside the occupancy and the catalog. */
export interface LedgerReads {
  /** Worktrees by host and path; with what they hold, and what each of their services held last, where wanted. */
  readonly worktrees?: readonly {
    readonly hostName: string;
    readonly path: string;
    readonly withAllocations: boolean;
  }[];
  /** Services of owners: their live allocations and the last released one. */
  readonly services?: readonly ServiceKey[];
  /** Ports whose holders matter. */
  readonly ports?: readonly { readonly hostName: string; readonly port: number }[];
  /** Hosts of which everything that lives is wanted: registered worktrees and live allocations. */
  readonly hosts?: readonly string[];
  /** Ports whose holders on any host matter, together with those of the collisions that are open. */
  readonly configuredPorts?: readonly number[];
  /** Allocations and worktrees by their ids, live or not. */
  readonly ids?: readonly string[];
  /** Hosts whose last look matters. */
  readonly looks?: readonly string[];
  /** Allocations released before a moment, the oldest first, at most `mostPruned`; of one host, or of all. */
  readonly history?: { readonly before: Date; readonly hostName: string | null };
}

/** How much old history one batch deletes, so that its transaction stays short. */
export const mostPruned = 1_000;

export interface LedgerRows {
  /** The newest event's number. */
  readonly number: number;
  readonly worktrees: Worktree[];
  readonly allocations: Allocation[];
  /** Of the hosts whose look was asked for. */
  readonly hostTimes: ReadonlyMap<string, HostTimes>;
}

/** A service holds one port as a rule; more than these, registered or handed over, are not told apart. */
const rowsPerService = 8;

/** Reads all of it in one statement, which is made only of the parts that are asked for. */
export async function readLedger(sql: Sql, reads: LedgerReads): Promise<LedgerRows> {
  const { text, values } = ledgerStatement(reads);
  const found = await sql.query<{ kind: string; row: Row | number }>(text, values);
  const rows = (kind: string) => found.flatMap((each) => (each.kind === kind ? [each.row as Row] : []));
  return {
    number: Number(found.find(({ kind }) => kind === 'number')?.row),
    worktrees: rows('worktree').map(worktreeFromRow),
    allocations: rows('allocation').map(allocationFromRow),
    hostTimes: new Map(rows('host').map((row) => [String(row.name), hostFromRow(row)])),
  };
}

function ledgerStatement(reads: LedgerReads) {
  const {
    worktrees = [],
    services = [],
    ports = [],
    hosts = [],
    configuredPorts,
    ids = [],
    looks = [],
    history,
  } = reads;
  const parts = [`SELECT 'number' AS kind, to_json(last_number) AS row FROM wharfinger.event_counter`];
  const values: unknown[] = [];
  const array = (items: readonly unknown[], type: string) => `$${values.push(items)}::${type}[]`;

  if (hosts.length > 0) {
    const names = array(hosts, 'text');
    parts.push(`SELECT 'allocation', to_json(a) FROM wharfinger.port_allocation a
      WHERE released_at IS NULL AND host_name = ANY(${names})`);
    parts.push(`SELECT 'worktree', to_json(w) FROM wharfinger.worktree w
      WHERE removed_at IS NULL AND host_name = ANY(${names})`);
  }
  if (configuredPorts) {
    parts.push(`SELECT 'allocation', to_json(a) FROM wharfinger.port_allocation a
      WHERE released_at IS NULL AND port = ANY(${array(configuredPorts, 'integer')} || ARRAY(
        SELECT c.port FROM wharfinger.conflict c
        WHERE kind = 'port_config_collision' AND (resolved_at IS NULL OR dismissed)))`);
  }
  if (ids.length > 0) {
    const wanted = array(ids, 'uuid');
    parts.push(`SELECT 'allocation', to_json(a) FROM wharfinger.port_allocation a WHERE id = ANY(${wanted})`);
    parts.push(`SELECT 'worktree', to_json(w) FROM wharfinger.worktree w WHERE id = ANY(${wanted})`);
  }
  if (looks.length > 0) {
    // A host that joins begins where the others are: its own clock may be ahead.
    parts.push(`SELECT 'host', to_json(h) FROM (
      SELECT name, last_seen_at, scanned_at, observed_time,
        coalesce(history_time, (SELECT max(history_time) FROM wharfinger.host)) AS history_time
      FROM unnest(${array(looks, 'text')}) AS looked (name) LEFT JOIN wharfinger.host USING (name)
    ) h`);
  }
  if (history) {
    const parameter = (value: unknown) => `$${values.push(value)}`;
    const ofHost = history.hostName === null ? '' : `AND host_name = ${parameter(history.hostName)}`;
    parts.push(`SELECT 'allocation', to_json(a) FROM (
      SELECT * FROM wharfinger.port_allocation WHERE released_at < ${parameter(history.before)} ${ofHost}
      ORDER BY released_at, id LIMIT ${mostPruned}) a`);
  }
  if (services.length > 0) {
    const columns = [
      array(
        services.map(({ hostName }) => hostName),
        'text',
      ),
      array(
        services.map(({ environment }) => environment),
        'text',
      ),
      array(
        services.map(({ owner }) => owner),
        'text',
      ),
      array(
        services.map(({ serviceName }) => serviceName),
        'text',
      ),
    ];
    // The index ends in released_at: read backwards it gives the live ones first, then the newest.
    parts.push(`SELECT 'allocation', to_json(a) FROM unnest(${columns}) AS wanted (host_name, environment, owner, service_name)
      CROSS JOIN LATERAL (
        SELECT * FROM wharfinger.port_allocation p
        WHERE p.host_name = wanted.host_name AND p.environment = wanted.environment
          AND p.owner = wanted.owner AND p.service_name = wanted.service_name
        ORDER BY p.released_at DESC NULLS FIRST LIMIT ${rowsPerService}
      ) a`);
  }
  if (ports.length > 0) {
    const columns = [
      array(
        ports.map(({ hostName }) => hostName),
        'text',
      ),
      array(
        ports.map(({ port }) => port),
        'integer',
      ),
    ];
    const held = `wharfinger.port_allocation a JOIN unnest(${columns}) AS wanted (host_name, port) USING (host_name, port)
      WHERE a.released_at IS NULL`;
    parts.push(`SELECT 'allocation', to_json(a) FROM ${held}`);
    parts.push(
      `SELECT 'worktree', to_json(w) FROM wharfinger.worktree w WHERE id IN (SELECT a.worktree_id FROM ${held})`,
    );
  }
  if (worktrees.length > 0) {
    const columns = [
      array(
        worktrees.map(({ hostName }) => hostName),
        'text',
      ),
      array(
        worktrees.map(({ path }) => path),
        'text',
      ),
      array(
        worktrees.map(({ withAllocations }) => withAllocations),
        'boolean',
      ),
    ];
    const wanted = `wharfinger.worktree w JOIN unnest(${columns}) AS wanted (host_name, path, with_allocations) USING (host_name, path)`;
    parts.push(`SELECT 'worktree', to_json(w) FROM ${wanted}`);
    if (worktrees.some(({ withAllocations }) => withAllocations)) {
      parts.push(`SELECT 'allocation', to_json(a) FROM wharfinger.port_allocation a
        WHERE a.released_at IS NULL AND a.worktree_id IN (SELECT w.id FROM ${wanted} WHERE wanted.with_allocations)`);
      parts.push(`SELECT 'allocation', to_json(a) FROM (
        SELECT DISTINCT ON (worktree_id, environment, service_name) * FROM wharfinger.port_allocation
        WHERE released_at IS NOT NULL AND worktree_id IN (SELECT w.id FROM ${wanted} WHERE wanted.with_allocations)
        ORDER BY worktree_id, environment, service_name, released_at DESC, port
      ) a`);
    }
  }
  return { text: parts.join('\nUNION ALL\n'), values };
}

/** When and for how long a host was scanned. */
export async function readHostTimes(sql: Sql, hostName: string): Promise<HostTimes> {
  const { hostTimes } = await readLedger(sql, { looks: [hostName] });
  return hostTimes.get(hostName) ?? neverScanned;
}

/** An allocation by its id, live or not. */
export async function readAllocation(sql: Sql, id: string): Promise<Allocation | undefined> {
  const [found] = await sql.query<{ row: Row }>(
    'SELECT to_json(a) AS row FROM wharfinger.port_allocation a WHERE id = $1',
    [id],
  );
  return found && allocationFromRow(found.row);
}

/** The registered worktrees of a host at any of these paths. */
export async function readWorktreesAt(sql: Sql, hostName: string, paths: readonly string[]): Promise<Worktree[]> {
  const rows = await sql.query<{ row: Row }>(
    `SELECT to_json(w) AS row FROM wharfinger.worktree w
     WHERE host_name = $1 AND path = ANY($2::text[]) AND removed_at IS NULL`,
    [hostName, paths],
  );
  return rows.map(({ row }) => worktreeFromRow(row));
}

/** The paths of a host's registered worktrees. */
export async function readWorktreePaths(sql: Sql, hostName: string): Promise<string[]> {
  const rows = await sql.query<{ path: string }>(
    'SELECT path FROM wharfinger.worktree WHERE host_name = $1 AND removed_at IS NULL',
    [hostName],
  );
  return rows.map(({ path }) => path);
}

/** The hosts on which something is held. */
export async function readHostsInUse(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ host_name: string }>(
    'SELECT DISTINCT host_name FROM wharfinger.port_allocation WHERE released_at IS NULL ORDER BY host_name',
  );
  return rows.map(({ host_name }) => host_name);
}

/** The conflicts whose causes last, of every host that has any. */
export async function readConflictBooks(sql: Sql): Promise<Map<string, ConflictBook>> {
  const rows = await sql.query<{ row: Row }>(
    'SELECT to_json(c) AS row FROM wharfinger.conflict c WHERE resolved_at IS NULL OR dismissed',
  );
  const books = new Map<string, ConflictBook>();
  for (const { row } of rows) {
    const conflict = conflictFromRow(row);
    const book = books.get(conflict.hostName) ?? new ConflictBook();
    book.put(conflict);
    books.set(conflict.hostName, book);
  }
  return books;
}
