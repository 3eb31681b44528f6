import type { Database, Sql } from '../../src/storage/database.ts';

/** Some columns of a row, as JSON. */
export type RawRow = Readonly<Record<string, unknown>>;

/** A UUID to tell from others by its last digit. */
export const id = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;

/** One valid row of each table, in the order in which they can be inserted. */
const validRows = {
  host: { name: 'quay' },
  codebase: { id: 'shop', name: 'shop', repository_url: 'shop.git', service_ports: {}, created_at: 'now', revision: 1 },
  worktree: {
    id: id(1),
    host_name: 'quay',
    path: '/wt/a',
    codebase_id: 'shop',
    registered_at: 'now',
    misses: 0,
    revision: 1,
  },
  port_allocation: {
    id: id(2),
    host_name: 'quay',
    port: 8_000,
    service_name: 'web',
    environment: 'dev',
    status: 'allocated',
    owner: 'worktree:/wt/a',
    codebase_id: 'shop',
    worktree_id: id(1),
    public_hostnames: [],
    liveness: 'unknown',
    misses: 0,
    allocated_at: 'now',
  },
  allocation_event: {
    number: 1,
    kind: 'allocated',
    occurred_at: 'now',
    host_name: 'quay',
    port: 8_000,
    environment: 'dev',
    allocation_id: id(2),
    allocation: {},
  },
  conflict: {
    id: id(4),
    kind: 'port_squatted',
    host_name: 'quay',
    port: 8_000,
    environment: 'dev',
    cause: 'port_squatted:8000',
    message: 'Somebody else listens.',
    allocation_id: id(2),
    worktree_id: id(1),
    detected_at: 'now',
    dismissed: false,
    opened_number: 2,
    revision: 2,
  },
  listener: { host_name: 'quay', port: 8_000, process_id: 4_711, addresses: ['127.0.0.1'] },
} satisfies Record<string, RawRow>;

export type RawTable = keyof typeof validRows;

/** The valid row of a table, with what differs, inserted past everything that the registry checks. */
export async function insertRaw(sql: Sql, table: RawTable, differences: RawRow = {}): Promise<void> {
  await sql.query(
    `INSERT INTO wharfinger.${table} SELECT * FROM jsonb_populate_record(NULL::wharfinger.${table}, $1::jsonb)`,
    [JSON.stringify({ ...validRows[table], ...differences })],
  );
}

/**
 * The constraint, or for a missing value the column, by which the database refuses an attack on the
 * valid rows; undefined where it lets it pass. Nothing of it stays.
 */
export async function refusedBy(database: Database, attack: (sql: Sql) => Promise<unknown>): Promise<unknown> {
  const undo = new Error('undo');
  try {
    await database.transaction(async (sql) => {
      for (const table of Object.keys(validRows)) await insertRaw(sql, table as RawTable); // their own keys
      await attack(sql);
      throw undo;
    });
  } catch (error) {
    if (error === undo) return undefined;
    const refusal = error as { constraint?: string; column?: string; cause?: { constraint?: string } };
    return refusal.constraint ?? refusal.cause?.constraint ?? refusal.column ?? error;
  }
}
