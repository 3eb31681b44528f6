import { Catalog } from '../domain/catalog.ts';
import { ConflictBook } from '../domain/conflict-book.ts';
import type { HostState } from '../domain/ledger.ts';
import type { HostTimes } from '../domain/observed-time.ts';
import { Occupancy } from '../domain/occupancy.ts';
import type { Sql } from './database.ts';
import { codebaseFromRow, conflictFromRow, type Row } from './rows.ts';

/** A copy takes 8 kB. A team has fewer machines. */
const mostHosts = 64;

/** What is known of a host without asking for it each time. Looks are left out: most of them change nothing else. */
type HostCopy = Omit<HostState, keyof HostTimes>;

interface Known<T> {
  readonly value: T;
  /** The event up to which it is current. */
  number: number;
  /** When it was last brought up to date, on the clock of `performance.now`. */
  readonly at: number;
}

/** An older copy is read anew: the events that it lacks may have been deleted as old history. */
const oldestCopyMs = 3_600_000;

/**
 * Copies, in memory, of which ports are held, which conflicts last and which codebases there are. Used
 * under the hosts' lock and brought up to the newest number there, they are exact; after a failure they
 * are forgotten.
 */
export class HostCopies {
  readonly #quarantineMs: number;
  readonly #clock: () => Date;
  #hosts = new Map<string, Known<HostCopy>>();
  #catalog: Known<Catalog> | undefined;

  constructor(quarantineMs: number, clock: () => Date) {
    this.#quarantineMs = quarantineMs;
    this.#clock = clock;
  }

  forget(): void {
    this.#hosts = new Map();
    this.#catalog = undefined;
  }

  /** What was last known of a host, for guessing which ports will be wanted; perhaps out of date. */
  glance(hostName: string): Occupancy | undefined {
    return this.#hosts.get(hostName)?.value.occupancy;
  }

  /** Says that the copies agree with a commit of this instance, whose decisions were made on them. */
  committed(hostNames: Iterable<string>, number: number): void {
    for (const hostName of hostNames) {
      const host = this.#hosts.get(hostName);
      if (host) host.number = number;
    }
    if (this.#catalog) this.#catalog.number = number;
  }

  async host(sql: Sql, hostName: string, number: number): Promise<HostCopy> {
    const found = this.#hosts.get(hostName);
    const known = found && performance.now() - found.at < oldestCopyMs ? found : undefined;
    const value = known?.value ?? { occupancy: new Occupancy(), conflicts: new ConflictBook() };
    if (!known) await this.#load(sql, value, hostName);
    else if (known.number !== number) await catchUp(sql, value, hostName, known.number);
    this.#keep(hostName, { value, number, at: performance.now() });
    return value;
  }

  /** The hosts used last: a caller may name any number of them. */
  #keep(hostName: string, known: Known<HostCopy>): void {
    this.#hosts.delete(hostName);
    this.#hosts.set(hostName, known);
    if (this.#hosts.size <= mostHosts) return;
    const [oldest] = this.#hosts.keys();
    if (oldest !== undefined) this.#hosts.delete(oldest);
  }

  async catalog(sql: Sql, number: number): Promise<Catalog> {
    const known = this.#catalog;
    if (known?.number === number) return known.value;
    const rows = await sql.query<{ row: Row }>(
      'SELECT to_json(c) AS row FROM wharfinger.codebase c WHERE revision > $1',
      [known?.number ?? -1],
    );
    const value = known?.value ?? new Catalog();
    for (const { row } of rows) value.put(codebaseFromRow(row));
    this.#catalog = { value, number, at: performance.now() };
    return value;
  }

  async #load(sql: Sql, copy: HostCopy, hostName: string): Promise<void> {
    const released = await sql.query<ReleaseRow>(
      `SELECT port, owner, released_at::text FROM wharfinger.port_allocation
       WHERE host_name = $1 AND released_at > $2 ORDER BY released_at`,
      [hostName, new Date(this.#clock().getTime() - this.#quarantineMs)],
    );
    for (const row of released) release(copy.occupancy, row);
    const held = await sql.query<{ port: number }>(
      'SELECT port FROM wharfinger.port_allocation WHERE host_name = $1 AND released_at IS NULL',
      [hostName],
    );
    for (const { port } of held) copy.occupancy.hold(port);
    const conflicts = await sql.query<{ row: Row }>(
      'SELECT to_json(c) AS row FROM wharfinger.conflict c WHERE host_name = $1 AND (resolved_at IS NULL OR dismissed)',
      [hostName],
    );
    for (const { row } of conflicts) copy.conflicts.put(conflictFromRow(row));
  }
}

interface ReleaseRow {
  readonly port: number;
  readonly owner: string;
  readonly released_at: string | null;
}

const release = (occupancy: Occupancy, { port, owner, released_at }: ReleaseRow) =>
  occupancy.release(port, { owner, releasedAt: new Date(String(released_at)) });

async function catchUp(sql: Sql, { occupancy, conflicts }: HostCopy, hostName: string, number: number): Promise<void> {
  const rows = await sql.query<ReleaseRow>(
    `SELECT port, allocation->>'owner' AS owner, allocation->>'releasedAt' AS released_at
     FROM wharfinger.allocation_event WHERE number > $1 AND host_name = $2 ORDER BY number`,
    [number, hostName],
  );
  for (const row of rows) {
    if (row.released_at === null) occupancy.hold(row.port);
    else release(occupancy, row);
  }
  const changed = await sql.query<{ row: Row }>(
    'SELECT to_json(c) AS row FROM wharfinger.conflict c WHERE host_name = $1 AND revision > $2 ORDER BY revision',
    [hostName, number],
  );
  for (const { row } of changed) conflicts.put(conflictFromRow(row));
}
