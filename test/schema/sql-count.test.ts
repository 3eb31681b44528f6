import { describe, expect, it, vi } from 'vitest';
import type { Registry } from '../../src/registry/registry.ts';
import type { Database } from '../../src/storage/database.ts';
import { postgresql } from '../support/databases.ts';
import { createRepository } from '../support/git-repository.ts';
import {
  allocate,
  checkout,
  codebase,
  granted,
  listener,
  openRegistry,
  repository,
  seeing,
  service,
  worktree,
} from '../support/registry.ts';
import { startServer } from '../support/server.ts';

/** A codebase with worktrees and allocations of each kind of owner, on two hosts. */
async function grow(registry: Registry, name: string): Promise<void> {
  granted(await registry.registerCodebase(repository(name, { id: name })));
  for (const host of ['quay', 'pier']) {
    for (const branch of ['main', 'next']) {
      const path = `/${name}/${branch}`;
      const services = [service('web'), service('api')];
      granted(await registry.registerWorktree(checkout(path, { host, branch, codebaseId: name, services })));
      await allocate(registry, 'extra', { host, owner: worktree(path) });
    }
    await allocate(registry, 'shared', { host, owner: codebase(name) });
    await allocate(registry, `free-${name}`, { host });
  }
}

/** On both hosts: in each worktree something listens, on a port of another one, and on one that nobody holds. */
async function listenIn(database: Database, names: readonly string[]): Promise<void> {
  for (const hostName of ['quay', 'pier']) {
    const held = await database.prisma.portAllocation.findMany({ where: { hostName, serviceName: 'web' } });
    const listeners = names.flatMap((name, index) => {
      const process = { id: 100 + index, workingDirectory: `/${name}/main` };
      const others = held.filter(({ codebaseId }) => codebaseId === (names[index + 1] ?? names[0]));
      return [listener(8_500 + index, process), ...others.map(({ port }) => listener(port, process))];
    });
    await openRegistry(database, { hostName, observer: seeing(listeners) }).scanHost(); // one after the other
  }
}

/** A server that counts the statements that its database is given, whichever way they come. */
async function countingServer() {
  const database = await postgresql.open();
  let statements = 0;
  const count = () => {
    statements += 1;
  };
  database.prisma.$on('query', count);
  const query: Database['query'] = (...statement) => {
    count();
    return database.query(...statement);
  };
  const server = await startServer({ database: { ...database, query } });
  return {
    ...server,
    database,
    registry: openRegistry(database),
    /** How many statements there were since the last measurement. */
    counted: () => statements,
    reset: () => {
      statements = 0;
    },
    /** What a query answers and how many statements it took. */
    async measure(text: string) {
      statements = 0;
      const { data, errors } = await server.post(text);
      expect(errors).toBeUndefined();
      return { statements, rows: JSON.stringify(data).length };
    },
  };
}

const everyField = `
  id port serviceName description environment status conversationId metadata publicHostnames
  allocatedAt releasedAt lastCheckedAt lastActiveAt liveness processId url`;

/** By what is asked for: the query, and how many statements it may take at most. */
const queries: Record<string, string> = {
  'codebases with worktrees with allocations':
    '{ codebases(first: 20) { name portConfig { primaryPort } worktrees(first: 20) { path allocations(first: 20) { port host { name } codebase { name } worktree { branch } } } } }',
  'codebases with allocations':
    '{ codebases(first: 20) { allocations(first: 20) { port host { name } worktree { path host { name } codebase { name } } } } }',
  'hosts with worktrees with allocations':
    '{ hosts { name lastSeenAt worktrees(first: 20) { path codebase { name } allocations(first: 20) { port worktree { branch } } } } }',
  'hosts with ranges': '{ hosts { name ranges { environment used available utilization } } }',
  'worktrees with everything':
    '{ worktrees(first: 20) { path host { name ranges { used } } codebase { name worktrees(first: 20) { path } } allocations(first: 20) { port codebase { name } } } }',
  'allocations with relations': `{ portAllocations(first: 100) { totalCount pageInfo { hasNextPage } edges { cursor node { ${everyField}
    host { name ranges { used } } codebase { name portConfig { primaryPort } } worktree { path branch codebase { name } host { name } } } } } }`,
  'allocations with conflicts':
    '{ portAllocations(first: 100) { edges { node { port liveness conflicts { kind message host { name } worktree { path } listener { worktree { path } } } } } } }',
  'hosts with listeners':
    '{ hosts(first: 5) { name scannedAt listeners(first: 100) { port addresses worktree { path codebase { name } host { name } } allocation { port liveness worktree { path } codebase { name } } conflicts { kind allocation { port } } } } }',
  'conflicts with relations': `{ conflicts { kind message actions host { name worktrees(first: 20) { path } }
    allocation { port lastCheckedAt host { name } worktree { path codebase { name } } }
    listener { port worktree { path } allocation { port } } worktree { path codebase { name } } } }`,
  'worktrees with conflicts':
    '{ worktrees(first: 40) { path conflicts { kind port listener { processId } allocation { port } } few: conflicts(first: 1, skip: 1) { kind } } }',
  'events with relations':
    '{ allocationEvents(first: 1000) { cursor kind occurredAt cause allocation { port host { name ranges { used } } codebase { name } worktree { path codebase { name } } } } }',
  'the same relation with different arguments':
    '{ worktrees(first: 20) { path web: allocations(first: 20, where: {serviceName: "web"}) { port } rest: allocations(first: 20, where: {orphaned: false}) { port } } }',
};

describe('the number of SQL statements', () => {
  it('does not grow with the rows that a query finds', async () => {
    const server = await countingServer();
    const names = ['shop', 'blog', 'mail', 'wiki'];
    await grow(server.registry, 'first');
    await grow(server.registry, 'other');
    await listenIn(server.database, ['first', 'other']);
    await server.measure('{ __typename }');
    const few: Record<string, Awaited<ReturnType<typeof server.measure>>> = {};
    for (const [what, query] of Object.entries(queries)) few[what] = await server.measure(query); // one at a time
    for (const name of names) await grow(server.registry, name); // in this order
    await listenIn(server.database, ['first', 'other', ...names]);

    for (const [what, query] of Object.entries(queries)) {
      const many = await server.measure(query);
      expect(many.rows, what).toBeGreaterThan(what === 'hosts with ranges' ? 100 : 1.8 * (few[what]?.rows ?? 0));
      expect(many.statements, what).toBe(few[what]?.statements);
      expect(many.statements, what).toBeLessThanOrEqual(12);
    }
  });

  it("does not grow with how often one answer names a mutation's rows", async () => {
    const server = await countingServer();
    const mutate = (count: number) =>
      server.measure(`mutation { allocatePorts(input: {services: [${Array.from({ length: count }, (_, index) => `{serviceName: "s${count}-${index}"}`).join(' ')}], owner: {worktreePath: "/wt/a"}}) {
        ... on AllocatePortsSuccess { allocations { port host { name ranges { used } } worktree { path host { name } } } } } }`);
    const [two, ten] = [await mutate(2), await mutate(10)];
    expect(ten.statements).toBe(two.statements);
  });

  it('does not grow with what a scan or a cleanup finds, nor with the claims that are warned about', async () => {
    const server = await countingServer();
    const names = ['shop', 'blog', 'mail', 'wiki'];
    const report =
      'allocation { port host { name ranges { used } } worktree { path } codebase { name } conflicts { kind } }';
    const claim = (count: number) =>
      `allocatePorts(input: {services: [${Array.from({ length: count }, (_, index) => `{serviceName: "s${count}-${index}"}`).join(' ')}]}) {
        ... on AllocatePortsSuccess { warnings { kind allocation { port } } } }`;
    const measure = async (count: number) => [
      await server.measure(`mutation { cleanupPorts(dryRun: true) { kept { reason ${report} } } }`),
      await server.measure(`mutation { ${claim(count)} }`),
    ];
    await grow(server.registry, 'first');
    await grow(server.registry, 'other');
    const few = await measure(2);
    for (const name of names) await grow(server.registry, name); // in this order
    const many = await measure(20);
    expect(many.map(({ statements }) => statements)).toEqual(few.map(({ statements }) => statements));
    expect(many[0]?.rows).toBeGreaterThan(2 * (few[0]?.rows ?? 0));
  });

  it('does not grow with the worktrees of a backfill', async () => {
    const server = await countingServer();
    const relations = 'host { name } codebase { name }';
    const lists =
      'allocations(first: 5) { port host { name } } api: allocations(first: 5, where: {serviceName: "api"}) { port }';
    const measure = async (id: string, worktrees: number) => {
      const git = await createRepository();
      for (let index = 0; index < worktrees; index++) await git.add(`w${index}`); // git locks the repository
      granted(await server.registry.registerCodebase(repository(id, { id, defaultCwd: git.path })));
      const backfill = (dryRun: boolean) =>
        server.measure(`mutation { backfillWorktrees(codebaseId: "${id}", dryRun: ${dryRun}) { ... on BackfillReport {
          items { worktree { ${relations} ${lists} conflicts { kind } } allocations { port ${relations} worktree { ${relations} } } } } } }`);
      return [await backfill(true), await backfill(false), await backfill(false)];
    };
    await server.measure('{ __typename }');
    const [few, many] = [await measure('shop', 1), await measure('blog', 7)];
    expect(many.map(({ statements }) => statements)).toEqual(few.map(({ statements }) => statements));
    expect(many[2]?.rows).toBeGreaterThan(3 * (few[2]?.rows ?? 0));
  });

  it.each([
    [
      'a conflict',
      'conflictWarning',
      '{ kind state message host { name } allocation { port host { name } worktree { path } } listener { port processId } worktree { path } }',
    ],
    [
      'an event',
      'allocationChanged',
      '{ kind allocation { port liveness lastCheckedAt host { name } worktree { path } codebase { name } } }',
    ],
  ])('does not grow with how many subscribers are told of %s', async (_what, field, fields) => {
    const server = await countingServer();
    await grow(server.registry, 'shop');
    await grow(server.registry, 'blog');
    const subscribers = Array.from({ length: 40 }, () => server.overWebsocket(`subscription { ${field} ${fields} }`));
    const told = Promise.all(subscribers.map((each) => each.next()));
    await vi.waitFor(() => expect(server.feed.status().subscribers).toBe(subscribers.length), { timeout: 20_000 });
    server.reset();
    await listenIn(server.database, ['shop', 'blog']);
    await allocate(server.registry, 'news');
    for (const { value } of await told) expect(value.errors).toBeUndefined();
    expect(server.counted()).toBeLessThan(subscribers.length / 2);
  });
});
