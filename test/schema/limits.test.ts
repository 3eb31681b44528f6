import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { shareServer } from '../support/server.ts';

const cycles = (count: number) => `${'codebase { worktrees { '.repeat(count)} id ${'} '.repeat(2 * count)}`;
const tooLarge = {
  message: expect.stringMatching(/complexity is \d+, at most 750000 .* first\.$/),
  extensions: expect.objectContaining({ code: 'OPERATION_TOO_LARGE' }),
};

describe('what an operation may ask for', () => {
  const server = shareServer(embedded);

  beforeAll(async () => {
    const { prisma } = server().database;
    const now = new Date();
    const ids = Array.from({ length: 101 }, (_, index) => `c${String(index).padStart(3, '0')}`);
    const repository = { servicePorts: {}, createdAt: now, revision: 0n };
    await prisma.codebase.createMany({ data: ids.map((id) => ({ ...repository, id, name: id })) });
    await prisma.host.create({ data: { name: 'quay' } });
    const checkout = { hostName: 'quay', codebaseId: 'c000', registeredAt: now, revision: 0n };
    const paths = Array.from({ length: 101 }, (_, index) => `/wt/${String(index).padStart(3, '0')}`);
    await prisma.worktree.createMany({ data: paths.map((path) => ({ ...checkout, path, id: randomUUID() })) });
  });

  const count = async (text: string) => {
    const { data, errors } = await server().post<Record<string, unknown[]>>(text);
    expect(errors).toBeUndefined();
    return data;
  };

  it('is a hundred rows of a list, and 25 of one inside another type, unless `first` says otherwise', async () => {
    const data = await count(
      '{ codebases { id } worktrees { id } more: worktrees(first: 101) { id } null: worktrees(first: null) { id } }',
    );
    expect(Object.values(data).map((rows) => rows.length)).toEqual([100, 100, 101, 100]);
    const nested = await server().post<{ codebase: Record<string, unknown[]> }>(
      '{ codebase(id: "c000") { worktrees { id } more: worktrees(first: 101) { id } } }',
    );
    expect(Object.values(nested.data.codebase).map((rows) => rows.length)).toEqual([25, 101]);
  });

  it.each([
    '{ codebases { name worktrees { path branch allocations { serviceName port } } } }',
    '{ codebases { id name worktrees { id path branch host { name } allocations { id port serviceName status environment url } } } }',
    '{ hosts { worktrees { allocations { port } } } }',
    '{ hosts { listeners { port processName worktree { path } allocation { port } } } }',
    '{ hosts { name scannedAt listeners { port addresses processId processName workingDirectory worktree { path branch } allocation { port serviceName liveness } } } }',
    '{ conflicts { kind message actions host { name } allocation { port worktree { path } } listener { processName worktree { path } } worktree { path } } }',
    '{ worktrees { path conflicts { kind message } allocations { port liveness conflicts { kind message } } } }',
    '{ portAllocations(first: 1000) { edges { node { port liveness conflicts { kind message actions } } } } }',
    'mutation { cleanupPorts(dryRun: true) { released { reason explanation allocation { port worktree { path } } } kept { reason explanation allocation { port conflicts { message } } } } }',
    'mutation { scanHost { listeners { port processName worktree { path } } activated { port } opened { message actions } resolved { message } } }',
    '{ hosts { name ranges { environment utilization } worktrees { path codebase { name } allocations { port } } } }',
  ])('includes what people ask for without saying how many: %s', async (text) => {
    expect((await server().post(text)).errors).toBeUndefined();
  });

  it.each([
    '{worktrees{codebase{worktrees{codebase{worktrees{codebase{worktrees{path}}}}}}}}',
    '{codebases{worktrees{codebase{worktrees{codebase{allocations{port}}}}}}}',
    '{hosts{worktrees{codebase{worktrees{allocations{port}}}}}}',
    `{ allocationEvents { allocation { worktree { ${cycles(4)} } } } }`,
    '{hosts{listeners{worktree{allocations{port}}}}}',
    '{conflicts{listener{conflicts{listener{conflicts{listener{conflicts{listener{conflicts{listener{conflicts{id}}}}}}}}}}}}',
    'mutation { transferPorts(input: {ports: [1], to: {conversationId: "c"}}) { ... on TransferPortsSuccess { allocations { codebase { worktrees { allocations { port } } } } } } }',
  ])('does not include rows over and over: %s', async (text) => {
    const { status, errors } = await server().post(text);
    expect([status, errors]).toEqual([400, [expect.objectContaining(tooLarge)]]);
  });

  it.each(['overWebsocket', 'overEventStream'] as const)('holds for a subscription at once, %s', async (transport) => {
    const text = `subscription { allocationChanged { allocation { ${cycles(4)} } } }`;
    const answers = server()[transport](text);
    const { value } = await answers.next();
    expect(value.errors).toEqual([expect.objectContaining(tooLarge)]);
    expect((await answers.next()).done).toBe(true);
  });
});
