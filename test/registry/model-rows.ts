import type { Database } from '../../src/storage/database.ts';
import type { State } from './model.ts';

/** Everything that the registry keeps, in an order and in words that do not depend on ids. */
export interface Contents {
  readonly claims: readonly unknown[];
  readonly trees: readonly unknown[];
  readonly bases: readonly unknown[];
}

export async function contentsOf(database: Database): Promise<Contents> {
  const [row] = await database.query<{ contents: Contents }>(`SELECT json_build_object(
    'claims', (SELECT coalesce(json_agg(json_build_object(
        'host', a.host_name, 'port', a.port, 'service', a.service_name, 'environment', a.environment,
        'owner', a.owner, 'path', w.path, 'codebase', a.codebase_id, 'conversation', a.conversation_id,
        'description', a.description, 'hostnames', a.public_hostnames,
        'allocatedAt', (extract(epoch FROM a.allocated_at) * 1000)::bigint,
        'releasedAt', (extract(epoch FROM a.released_at) * 1000)::bigint)), '[]')
      FROM wharfinger.port_allocation a LEFT JOIN wharfinger.worktree w ON w.id = a.worktree_id),
    'trees', (SELECT coalesce(json_agg(json_build_object(
        'host', host_name, 'path', path, 'branch', branch, 'codebase', codebase_id, 'conversation', conversation_id,
        'registeredAt', (extract(epoch FROM registered_at) * 1000)::bigint,
        'removedAt', (extract(epoch FROM removed_at) * 1000)::bigint)), '[]') FROM wharfinger.worktree),
    'bases', (SELECT coalesce(json_agg(json_build_object(
        'id', CASE WHEN id IN ('shop', 'bank') THEN id ELSE 'unnamed' END, 'name', name, 'url', repository_url,
        'directory', default_cwd, 'primary', primary_port, 'services', service_ports,
        'createdAt', (extract(epoch FROM created_at) * 1000)::bigint)), '[]') FROM wharfinger.codebase)
    ) AS contents`);
  if (!row) throw new Error('One row is always answered.');
  return sorted(row.contents);
}

export function contentsOfModel({ claims, trees, bases }: State): Contents {
  const named = bases.map(({ id, ...base }) => ({ ...base, id: id.startsWith('unnamed') ? 'unnamed' : id }));
  return sorted({ claims, trees, bases: named });
}

const sorted = ({ claims, trees, bases }: Contents): Contents => ({
  claims: inOrder(claims),
  trees: inOrder(trees),
  bases: inOrder(bases),
});

const inOrder = (rows: readonly unknown[]) => rows.toSorted((a, b) => (canonical(a) < canonical(b) ? -1 : 1));

function canonical(value: unknown): string {
  const sortKeys = (_key: string, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each;
  return JSON.stringify(value, sortKeys);
}

export interface LoggedEvent {
  readonly number: number;
  readonly kind: string;
  readonly host: string;
  readonly port: number;
  readonly service: string;
}

export function eventsAfter(database: Database, number: number): Promise<LoggedEvent[]> {
  return database.query(
    `SELECT number::integer, kind, host_name AS host, port, allocation->>'serviceName' AS service
     FROM wharfinger.allocation_event WHERE number > $1 ORDER BY number`,
    [number],
  );
}

/** The allocations whose row is not what the last event about them says, and those without an event. */
export function rowsThatDifferFromLog(database: Database): Promise<unknown[]> {
  return database.query(
    `SELECT a.*, e.allocation FROM wharfinger.port_allocation a
     FULL JOIN (
       SELECT DISTINCT ON (allocation_id) * FROM wharfinger.allocation_event ORDER BY allocation_id, number DESC
     ) e ON e.allocation_id = a.id
     LEFT JOIN wharfinger.worktree w ON w.id = a.worktree_id
     WHERE e.allocation IS NULL OR a.id IS NULL OR e.worktree_path IS DISTINCT FROM w.path
       OR ROW(a.id::text, a.host_name, a.port::text, a.service_name, a.environment, a.status, a.owner, a.codebase_id,
              a.worktree_id::text, a.conversation_id, a.description, to_jsonb(a.public_hostnames), a.metadata)
         IS DISTINCT FROM
          ROW(e.allocation->>'id', e.allocation->>'hostName', e.allocation->>'port', e.allocation->>'serviceName',
              e.allocation->>'environment', e.allocation->>'status', e.allocation->>'owner', e.allocation->>'codebaseId',
              e.allocation->>'worktreeId', e.allocation->>'conversationId', e.allocation->>'description',
              e.allocation->'publicHostnames', nullif(e.allocation->'metadata', 'null'))
       OR a.allocated_at IS DISTINCT FROM (e.allocation->>'allocatedAt')::timestamptz
       OR a.released_at IS DISTINCT FROM (e.allocation->>'releasedAt')::timestamptz`,
  );
}

export function portsHeldTwice(database: Database): Promise<unknown[]> {
  return database.query(
    `SELECT host_name, port FROM wharfinger.port_allocation WHERE status <> 'released'
     GROUP BY host_name, port HAVING count(*) > 1`,
  );
}

export async function empty(database: Database): Promise<void> {
  await database.script(`
    TRUNCATE wharfinger.allocation_event, wharfinger.conflict, wharfinger.listener, wharfinger.port_allocation,
      wharfinger.worktree, wharfinger.codebase, wharfinger.host;
    UPDATE wharfinger.event_counter SET last_number = 0`);
}
