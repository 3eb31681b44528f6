import { Catalog } from '../domain/catalog.ts';
import { Occupancy } from '../domain/occupancy.ts';
import type { Sql } from './database.ts';
import { codebaseFromRow, type Row } from './rows.ts';

/** A copy takes 8 kB. A team has fewer machines. */
const mostHosts = 64;

interface Known<T> {
  readonly value: T;
  /** The event up to which it is current. */
  number: number;
}

/**
 * Copies, in memory, of which ports are held and which codebases there are. Used under the hosts'
 * lock and brought up to the newest number there, they are exact; after a failure they are forgotten.
 */
export class OccupancyCache {
  readonly #quarantineMs: number;
  readonly #clock: () => Date;
  #hosts = new Map<string, Known<Occupancy>>();
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
    return this.#hosts.get(hostName)?.value;
  }

  /** Says that the copies agree with a commit of this instance, whose decisions were made on them. */
  committed(hostNames: Iterable<string>, number: number): void {
    for (const hostName of hostNames) {
      const host = this.#hosts.get(hostName);
      if (host) host.number = number;
    }
    if (this.#catalog) this.#catalog.number = number;
  }

  async occupancy(sql: Sql, hostName: string, number: number): Promise<Occupancy> {
    const known = this.#hosts.get(hostName);
    const value = known ? known.value : new Occupancy();
    if (!known) await this.#load(sql, value, hostName);
    else if (known.number !== number) await catchUp(sql, value, hostName, known.number);
    this.#keep(hostName, { value, number });
    return value;
  }

  /** The hosts used last: a caller may name any number of them. */
  #keep(hostName: string, known: Known<Occupancy>): void {
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
    this.#catalog = { value, number };
    return value;
  }

  async #load(sql: Sql, occupancy: Occupancy, hostName: string): Promise<void> {
    const released = await sql.query<ReleaseRow>(
      `SELECT port, owner, released_at::text FROM wharfinger.port_allocation
       WHERE host_name = $1 AND released_at > $2 ORDER BY released_at`,
      [hostName, new Date(this.#clock().getTime() - this.#quarantineMs)],
    );
    for (const row of released) release(occupancy, row);
    const held = await sql.query<{ port: number }>(
      'SELECT port FROM wharfinger.port_allocation WHERE host_name = $1 AND released_at IS NULL',
      [hostName],
    );
    for (const { port } of held) occupancy.hold(port);
  }
}

interface ReleaseRow {
  readonly port: number;
  readonly owner: string;
  readonly released_at: string | null;
}

const release = (occupancy: Occupancy, { port, owner, released_at }: ReleaseRow) =>
  occupancy.release(port, { owner, releasedAt: new Date(String(released_at)) });

async function catchUp(sql: Sql, occupancy: Occupancy, hostName: string, number: number): Promise<void> {
  const rows = await sql.query<ReleaseRow>(
    `SELECT port, allocation->>'owner' AS owner, allocation->>'releasedAt' AS released_at
     FROM wharfinger.allocation_event WHERE number > $1 AND host_name = $2 ORDER BY number`,
    [number, hostName],
  );
  for (const row of rows) {
    if (row.released_at === null) occupancy.hold(row.port);
    else release(occupancy, row);
  }
}
