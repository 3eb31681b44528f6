import type { Database } from '../../src/storage/database.ts';

const eventBytes = 16_000;

interface Filling {
  /** How many events. Default: 1,000, some 16 MB. */
  readonly count?: number;
  /** Of which their metadata consists. Default: x. */
  readonly letter?: string;
}

/** Fills the log past the registry, with events of 16,000 characters. */
export async function fillLog(database: Database, { count = 1_000, letter = 'x' }: Filling = {}): Promise<void> {
  await database.script(`
    INSERT INTO wharfinger.host (name) VALUES ('quay') ON CONFLICT DO NOTHING;
    INSERT INTO wharfinger.allocation_event (number, kind, occurred_at, host_name, port, environment, allocation_id, allocation)
    SELECT number, 'allocated', now(), 'quay', 8000, 'dev', gen_random_uuid(), jsonb_build_object(
      'id', gen_random_uuid(), 'hostName', 'quay', 'port', 8000, 'serviceName', 'web', 'environment', 'dev',
      'status', 'allocated', 'owner', 'nobody', 'publicHostnames', '[]'::jsonb, 'allocatedAt', now(),
      'metadata', jsonb_build_object('text', repeat('${letter}', ${eventBytes})))
    FROM generate_series(1, ${count}) AS number;
    UPDATE wharfinger.event_counter SET last_number = ${count};`);
}

/** What of a query reads the first 1,000 events whole. */
export const thousandEvents = 'allocationEvents(first: 1000) { cursor allocation { metadata } }';
