/** A worktree, a live and a released allocation, as the version before the observer wrote them. */
export const firstSnapshot = [
  { migration: '20261122000000_registry' },
  { table: 'host', rows: [{ name: 'quay', last_seen_at: null }] },
  {
    table: 'worktree',
    rows: [
      {
        id: '00000000-0000-4000-8000-000000000001',
        host_name: 'quay',
        path: '/wt/a',
        branch: 'main',
        codebase_id: null,
        conversation_id: null,
        registered_at: '2026-11-20T12:00:00+00:00',
        removed_at: null,
        missing_since: null,
        revision: 1,
      },
    ],
  },
  { table: 'port_allocation', rows: [allocation('web', null), allocation('api', '2026-11-21T12:00:00+00:00')] },
  { table: 'allocation_event', rows: [event(1, 'allocated', 'web'), event(2, 'released', 'api')] },
  { number: 2, base: 0 },
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');

function allocation(service: 'web' | 'api', released_at: string | null) {
  return {
    id: `00000000-0000-4000-8000-00000000000${service === 'web' ? 2 : 3}`,
    host_name: 'quay',
    port: service === 'web' ? 8_000 : 8_001,
    service_name: service,
    description: null,
    environment: 'dev',
    status: released_at ? 'released' : 'allocated',
    owner: 'worktree:/wt/a',
    codebase_id: null,
    worktree_id: '00000000-0000-4000-8000-000000000001',
    conversation_id: null,
    metadata: { note: 'kept' },
    public_hostnames: [],
    allocated_at: '2026-11-20T12:00:00+00:00',
    released_at,
    last_checked_at: null,
    last_active_at: null,
    process_id: null,
  };
}

function event(number: number, kind: 'allocated' | 'released', service: 'web' | 'api') {
  const released = kind === 'released' ? '2026-11-21T12:00:00.000Z' : null;
  const row = allocation(service, released);
  return {
    number,
    kind,
    occurred_at: released ?? '2026-11-20T12:00:00+00:00',
    cause: null,
    host_name: 'quay',
    port: row.port,
    environment: 'dev',
    allocation_id: row.id,
    codebase_id: null,
    worktree_path: '/wt/a',
    conversation_id: null,
    allocation: {
      id: row.id,
      hostName: 'quay',
      port: row.port,
      serviceName: service,
      description: null,
      environment: 'dev',
      status: row.status,
      owner: row.owner,
      codebaseId: null,
      worktreeId: row.worktree_id,
      conversationId: null,
      metadata: row.metadata,
      publicHostnames: [],
      allocatedAt: '2026-11-20T12:00:00.000Z',
      releasedAt: released,
      lastCheckedAt: null,
      lastActiveAt: null,
      processId: null,
    },
  };
}
