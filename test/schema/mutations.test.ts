import { describe, expect, it } from 'vitest';
import { embedded, shareDatabase } from '../support/databases.ts';
import { openRegistry, policy, span } from '../support/registry.ts';
import { startServer } from '../support/server.ts';
import { type Member, type Mutation, mutate } from './seed.ts';

const small = policy({ ranges: { dev: span(8_000, 8_009), test: span(7_000, 7_001), production: span(9_000, 9_009) } });
const a = { worktreePath: '/wt/a' };
const b = { worktreePath: '/wt/b' };

describe('the mutations', () => {
  const database = shareDatabase(embedded);
  let hosts = 0;

  /** A server that observes a host of its own, so that tests do not meet. */
  async function serve() {
    hosts += 1;
    const hostName = `quay-${hosts}`;
    const registry = openRegistry(database(), { hostName, policy: small });
    const server = await startServer({ database: database(), registry });
    const run = (mutation: Mutation, input: Record<string, unknown>, success?: string): Promise<Member> =>
      mutate(server, mutation, input, success);
    return { server, run, hostName };
  }

  const allocation = '... on AllocatePortSuccess { created allocation { port status url host { name } } }';

  it('give a port, and the same again', async () => {
    const { run, hostName } = await serve();
    const input = { serviceName: 'web', owner: a };
    const given = { port: 8000, status: 'ALLOCATED', url: 'http://localhost:8000', host: { name: hostName } };
    expect(await run('allocatePort', input, allocation)).toEqual({
      __typename: 'AllocatePortSuccess',
      created: true,
      allocation: given,
    });
    expect(await run('allocatePort', input, allocation)).toMatchObject({ created: false, allocation: given });
  });

  it('keep everything that came with it', async () => {
    const { run } = await serve();
    const facts = {
      serviceName: 'web',
      description: 'the shop\nfor people',
      metadata: { deep: [{ list: [1.5, null, true, 'ü🚢'] }], __proto: {} },
      publicHostnames: ['shop.example.com', 'a.b:8443'],
    };
    const fields = 'serviceName description metadata publicHostnames environment conversationId';
    const answer = await run(
      'allocatePort',
      { ...facts, environment: 'TEST', owner: { conversationId: 'c' } },
      `... on AllocatePortSuccess { allocation { ${fields} } }`,
    );
    expect(answer.allocation).toEqual({ ...facts, environment: 'TEST', conversationId: 'c' });
  });

  it('refuse a port that somebody holds, naming the holder and others', async () => {
    const { run } = await serve();
    await run('allocatePort', { serviceName: 'web', owner: a, exactPort: 8005 });
    for (const mutation of ['allocatePort', 'registerPort'] as const) {
      const port = mutation === 'allocatePort' ? { exactPort: 8005 } : { port: 8005, environment: 'DEV' };
      expect(await run(mutation, { serviceName: 'web', owner: b, ...port })).toMatchObject({
        __typename: 'PortUnavailable',
        code: 'PORT_UNAVAILABLE',
        message: expect.stringContaining('worktree /wt/a'),
        port: 8005,
        reasons: ['ALLOCATED'],
        holder: { port: 8005, serviceName: 'web' },
      });
    }
  });

  it('refuse when a range is full, saying how full', async () => {
    const { run } = await serve();
    const services = ['a', 'b', 'c'].map((serviceName) => ({ serviceName }));
    const full = { environment: 'TEST', start: 7000, end: 7001, size: 2 };
    expect(await run('allocatePorts', { services, environment: 'TEST' })).toMatchObject({
      __typename: 'RangeExhausted',
      code: 'RANGE_EXHAUSTED',
      range: { ...full, used: 0, available: 2, utilization: 0 },
    });
    await run('allocatePorts', { services: services.slice(1), environment: 'TEST' });
    const left = { range: { ...full, used: 2, available: 0, utilization: 1 } };
    expect(await run('allocatePort', { serviceName: 'd', environment: 'TEST' })).toMatchObject(left);
    const path = '/wt/full';
    expect(await run('registerWorktree', { path, environment: 'TEST' })).toMatchObject(left);
  });

  it('give a group its ports in the order of its services', async () => {
    const { run } = await serve();
    await run('allocatePort', { serviceName: 'api', owner: a });
    const services = [{ serviceName: 'web', exactPort: 8007 }, { serviceName: 'api' }, { serviceName: 'db' }];
    const success = '... on AllocatePortsSuccess { created allocations { serviceName port } }';
    expect(await run('allocatePorts', { services, owner: a }, success)).toEqual({
      __typename: 'AllocatePortsSuccess',
      created: [true, false, true],
      allocations: [
        { serviceName: 'web', port: 8007 },
        { serviceName: 'api', port: 8000 },
        { serviceName: 'db', port: 8001 },
      ],
    });
  });

  it('register a port, reserved ones included, in production unless told otherwise', async () => {
    const { run } = await serve();
    const success = '... on AllocatePortSuccess { created allocation { port environment description } }';
    const registered = await run('registerPort', { serviceName: 'db', port: 5432, description: 'x' }, success);
    expect(registered).toMatchObject({ created: true, allocation: { port: 5432, environment: 'PRODUCTION' } });
    const again = await run('registerPort', { serviceName: 'db', port: 5432, description: 'y' }, success);
    expect(again).toMatchObject({ created: false, allocation: { description: 'y' } });
    const inside = { serviceName: 'x', port: 8003 };
    expect(await run('registerPort', inside)).toMatchObject({ reasons: ['OUT_OF_RANGE'], holder: null });
    expect(await run('registerPort', { ...inside, force: true })).toMatchObject({ __typename: 'AllocatePortSuccess' });
  });

  it('release a port for its owner, and for nobody else without force', async () => {
    const { run } = await serve();
    await run('allocatePort', { serviceName: 'web', owner: a });
    const success = '... on ReleasePortSuccess { allocation { port status releasedAt } }';
    expect(await run('releasePort', { port: 8000, owner: b })).toMatchObject({
      __typename: 'NotOwner',
      code: 'NOT_OWNER',
      holder: { port: 8000, worktree: { path: '/wt/a' } },
    });
    const released = {
      __typename: 'ReleasePortSuccess',
      allocation: { port: 8000, status: 'RELEASED', releasedAt: expect.any(String) },
    };
    expect(await run('releasePort', { port: 8000, owner: a }, success)).toEqual(released);
    expect(await run('releasePort', { port: 8000, owner: a })).toMatchObject({
      __typename: 'NotFound',
      code: 'NOT_FOUND',
    });
    await run('allocatePort', { serviceName: 'web', owner: a });
    expect(await run('releasePort', { port: 8000, force: true }, success)).toEqual(released);
  });

  it('hand ports over, all of them or none', async () => {
    const { run } = await serve();
    await run('allocatePorts', { services: [{ serviceName: 'x' }, { serviceName: 'y' }], owner: a });
    const success = '... on TransferPortsSuccess { allocations { port worktree { path } } }';
    const ports = [8001, 8000];
    expect(await run('transferPorts', { ports, owner: b, to: b })).toMatchObject({ __typename: 'NotOwner' });
    expect(await run('transferPorts', { ports: [...ports, 8002], owner: a, to: b })).toMatchObject({
      __typename: 'NotFound',
    });
    expect(await run('transferPorts', { ports, owner: a, to: b }, success)).toEqual({
      __typename: 'TransferPortsSuccess',
      allocations: ports.map((port) => ({ port, worktree: { path: '/wt/b' } })),
    });
    expect(await run('transferPorts', { ports, owner: b, to: {} })).toMatchObject({ __typename: 'InvalidInput' });
  });

  it('register codebases, whose configuration binds', async () => {
    const { run, hostName } = await serve();
    const fields = 'name repositoryUrl defaultCwd portConfig { primaryPort servicePorts { service port } }';
    const success = `... on RegisterCodebaseSuccess { created codebase { ${fields} } }`;
    const facts = { name: 'Shop', repositoryUrl: `https://${hostName}/shop.git`, defaultCwd: '/src/shop' };
    const portConfig = { primaryPort: 8001, servicePorts: [{ service: 'api', port: 8002 }] };
    const id = `shop-${hostName}`;
    expect(await run('registerCodebase', { id, ...facts, portConfig }, success)).toEqual({
      __typename: 'RegisterCodebaseSuccess',
      created: true,
      codebase: { ...facts, portConfig },
    });
    const changed = await run('registerCodebase', { id, name: 'Store', defaultCwd: null }, success);
    expect(changed).toMatchObject({
      created: false,
      codebase: { ...facts, name: 'Store', defaultCwd: null, portConfig },
    });
    const taken = await run('allocatePort', { serviceName: 'api', owner: { codebaseId: id } }, allocation);
    expect(taken).toMatchObject({ allocation: { port: 8002 } });
    expect(await run('allocatePort', { serviceName: 'x', exactPort: 8001 })).toMatchObject({
      reasons: ['CONFIGURED_ELSEWHERE'],
    });
    await run('registerCodebase', { id, name: 'Store', portConfig: null });
  });

  it('register worktrees with their ports, and release those at removal', async () => {
    const { run } = await serve();
    const success =
      '... on RegisterWorktreeSuccess { created worktree { path branch removedAt } allocations { serviceName port } }';
    const input = {
      path: '/wt/shop/feature',
      branch: 'feature/cart',
      services: [{ serviceName: 'web' }, { serviceName: 'api' }],
    };
    expect(await run('registerWorktree', input, success)).toMatchObject({
      created: true,
      worktree: { path: input.path, branch: input.branch, removedAt: null },
      allocations: [
        { serviceName: 'web', port: 8000 },
        { serviceName: 'api', port: 8001 },
      ],
    });
    expect(await run('registerWorktree', input, success)).toMatchObject({ created: false });
    const removed =
      '... on RemoveWorktreeSuccess { worktree { path removedAt allocations { port } } released { port status } }';
    expect(await run('removeWorktree', { path: '/wt/shop/../shop/feature' }, removed)).toEqual({
      __typename: 'RemoveWorktreeSuccess',
      worktree: { path: input.path, removedAt: expect.any(String), allocations: [] },
      released: [8000, 8001].map((port) => ({ port, status: 'RELEASED' })),
    });
    expect(await run('removeWorktree', { path: input.path })).toMatchObject({ __typename: 'NotFound' });
  });

  it('ask whose they are before they remove a worktree with production ports', async () => {
    const { run, server } = await serve();
    const owner = { worktreePath: '/wt/shop' };
    await run('registerPort', { serviceName: 'shop', port: 9000, owner });
    const refused = '... on NotOwner { code message holder { port serviceName } }';
    expect(await run('removeWorktree', { path: '/wt/shop', owner: b }, refused)).toMatchObject({
      __typename: 'NotOwner',
      code: 'NOT_OWNER',
      message: expect.stringMatching(/^Port 9000 .* "shop" of worktree \/wt\/shop .*, or use force\.$/),
      holder: { port: 9000, serviceName: 'shop' },
    });
    const removed = '... on RemoveWorktreeSuccess { released { port } }';
    expect(await run('removeWorktree', { path: '/wt/shop', owner: b, force: true }, removed)).toEqual({
      __typename: 'RemoveWorktreeSuccess',
      released: [{ port: 9000 }],
    });
    const causes = await server.post(
      '{ allocationEvents(where: { kinds: [RELEASED], worktreePath: "/wt/shop" }) { cause } }',
    );
    expect(causes.data).toEqual({
      allocationEvents: [{ cause: 'worktree removed: /wt/shop, forced on behalf of worktree /wt/b' }],
    });
  });

  it.each([
    ['allocatePort', { serviceName: 'x', owner: { codebaseId: 'nobody-knows' } }],
    ['allocatePorts', { services: [{ serviceName: 'x' }], owner: { codebaseId: 'nobody-knows' } }],
    ['registerPort', { serviceName: 'x', port: 9000, owner: { codebaseId: 'nobody-knows' } }],
    ['registerWorktree', { path: '/wt/x', codebaseId: 'nobody-knows' }],
    ['transferPorts', { ports: [8000], to: { codebaseId: 'nobody-knows' } }],
    ['releasePort', { port: 8000 }],
    ['removeWorktree', { path: '/wt/never' }],
  ] as const)('find nothing: %s of %j', async (mutation, input) => {
    const { run } = await serve();
    expect(await run(mutation, input)).toMatchObject({
      __typename: 'NotFound',
      message: expect.stringMatching(/: .+\.$/),
    });
  });
});
