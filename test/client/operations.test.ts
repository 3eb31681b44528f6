import { describe, expect, expectTypeOf, it } from 'vitest';
import { isRefusal, type PortAllocation } from '../../src/client/client.ts';
import { embedded } from '../support/databases.ts';
import { startServer } from '../support/server.ts';
import { granted, openClient } from './registry-client.ts';

async function openRegistryClient() {
  const { url } = await startServer({ database: await embedded.open() });
  return openClient({ url });
}

const shop = { worktreePath: '/wt/shop' };

describe('ports', () => {
  it('allocates with the defaults of the server, and the same port again', async () => {
    const client = await openRegistryClient();
    const first = granted(await client.allocatePort({ serviceName: 'web', owner: shop, metadata: { tier: 1 } }));
    const second = granted(await client.allocatePort({ serviceName: 'web', owner: shop }));

    expect(first).toMatchObject({
      created: true,
      allocation: { port: 8000, environment: 'DEV', metadata: { tier: 1 } },
    });
    expect(first.allocation).toMatchObject({ host: { name: 'quay' }, worktree: { path: '/wt/shop' }, codebase: null });
    expect(second).toMatchObject({ created: false, allocation: { id: first.allocation.id } });
  });

  it('tells refusals from successes, with what they say', async () => {
    const client = await openRegistryClient();
    const { allocation } = granted(await client.allocatePort({ serviceName: 'web', owner: shop }));
    const refused = await client.allocatePort({ serviceName: 'api', exactPort: allocation.port });

    if (!isRefusal(refused)) {
      expectTypeOf(refused.__typename).toEqualTypeOf<'AllocatePortSuccess'>();
      expect.fail('was granted');
    }
    if (refused.__typename !== 'PortUnavailable') expect.fail(`was ${refused.__typename}`);
    expectTypeOf(refused.holder).toEqualTypeOf<PortAllocation | null>();
    expect(refused).toMatchObject({ code: 'PORT_UNAVAILABLE', port: 8000, reasons: ['ALLOCATED'] });
    expect(refused.holder).toMatchObject({ id: allocation.id, worktree: { path: '/wt/shop' } });
    expect(refused.suggestions).toContain(8001);
  });

  it('allocates groups, registers, transfers and releases', async () => {
    const client = await openRegistryClient();
    const group = granted(
      await client.allocatePorts({ services: [{ serviceName: 'web' }, { serviceName: 'api' }], owner: shop }),
    );
    expect(group).toMatchObject({ created: [true, true], allocations: [{ port: 8000 }, { port: 8001 }] });

    const production = granted(await client.registerPort({ port: 9100, serviceName: 'shop' }));
    expect(production.allocation).toMatchObject({ environment: 'PRODUCTION', port: 9100 });

    const handed = granted(await client.transferPorts({ ports: [8000], owner: shop, to: { worktreePath: '/wt/b' } }));
    expect(handed.allocations).toMatchObject([{ port: 8000, worktree: { path: '/wt/b' } }]);

    const refused = await client.releasePort({ port: 8000, owner: shop });
    expect(refused).toMatchObject({ __typename: 'NotOwner', holder: { port: 8000, worktree: { path: '/wt/b' } } });
    const released = granted(await client.releasePort({ port: 8000, owner: { worktreePath: '/wt/b' } }));
    expect(released.allocation).toMatchObject({ port: 8000, status: 'RELEASED' });
  });

  it('names every misfit of an input', async () => {
    const client = await openRegistryClient();
    const refused = await client.allocatePort({ serviceName: '', preferredPort: 8000, exactPort: 8000 });
    if (refused.__typename !== 'InvalidInput') expect.fail(`was ${refused.__typename}`);
    expect(refused.issues.map(({ path }) => path.join('.'))).toContain('serviceName');
  });

  it('reads one port, pages of them, ranges and recommendations', async () => {
    const client = await openRegistryClient();
    granted(await client.allocatePorts({ services: ['a', 'b', 'c'].map((serviceName) => ({ serviceName })) }));

    expect(await client.portAllocation({ port: 8001 })).toMatchObject({ serviceName: 'b' });
    expect(await client.portAllocation({ port: 8500 })).toBeNull();
    const first = await client.portAllocations({ first: 2, orderBy: { by: 'PORT', direction: 'DESC' } });
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const { endCursor } = first.pageInfo;
    const second = await client.portAllocations({
      first: 2,
      after: endCursor,
      orderBy: { by: 'PORT', direction: 'DESC' },
    });
    expect([...first.allocations, ...second.allocations].map(({ port }) => port)).toEqual([8002, 8001, 8000]);
    expect((await client.portAllocations()).allocations).toHaveLength(3);

    expect(await client.checkPort({ port: 8001 })).toMatchObject({
      available: false,
      allocation: { serviceName: 'b' },
    });
    expect(await client.recommendPort({ serviceName: 'd' })).toMatchObject({ port: 8003, available: true });
    const ranges = await client.portRanges();
    expect(ranges.find(({ environment }) => environment === 'DEV')).toMatchObject({ start: 8000, end: 8999, used: 3 });
  });
});

describe('codebases, worktrees and hosts', () => {
  it('registers them and reads them with what belongs to them', async () => {
    const client = await openRegistryClient();
    const { codebase } = granted(
      await client.registerCodebase({
        id: 'shop',
        name: 'shop',
        portConfig: { servicePorts: [{ service: 'web', port: 8100 }] },
      }),
    );
    expect(codebase.portConfig).toEqual({ primaryPort: null, servicePorts: [{ service: 'web', port: 8100 }] });
    const registered = granted(
      await client.registerWorktree({
        path: '/wt/cart',
        branch: 'feature/cart',
        codebaseId: 'shop',
        services: [{ serviceName: 'web' }],
      }),
    );
    expect(registered).toMatchObject({
      created: true,
      worktree: { codebase: { name: 'shop' } },
      allocations: [{ port: 8100 }],
    });

    expect(await client.codebase({ id: 'shop' })).toMatchObject({
      worktrees: [{ path: '/wt/cart', branch: 'feature/cart' }],
      allocations: [{ port: 8100, codebase: { id: 'shop' } }],
    });
    expect(await client.codebase({ id: 'none' })).toBeNull();
    expect(await client.codebases()).toMatchObject([{ id: 'shop', name: 'shop' }]);
    expect(await client.worktree({ path: '/wt/cart' })).toMatchObject({ allocations: [{ port: 8100 }] });
    expect(await client.worktrees({ codebaseId: 'shop' })).toMatchObject([{ path: '/wt/cart' }]);
    expect(await client.host()).toMatchObject({ name: 'quay', ranges: [{ environment: 'DEV', used: 1 }, {}, {}] });
    expect(await client.hosts()).toMatchObject([{ name: 'quay' }]);

    const removed = granted(await client.removeWorktree({ path: '/wt/cart' }));
    expect(removed).toMatchObject({ worktree: { path: '/wt/cart' }, released: [{ port: 8100, status: 'RELEASED' }] });
    expect(await client.worktrees()).toEqual([]);
    expect(await client.worktrees({ includeRemoved: true })).toMatchObject([{ path: '/wt/cart' }]);
  });
});

describe('the event log', () => {
  it('pages past events and tells where it ends', async () => {
    const client = await openRegistryClient();
    expect(await client.latestEventCursor()).toBe('0');
    granted(await client.allocatePort({ serviceName: 'web' }));
    granted(await client.releasePort({ port: 8000 }));

    const [allocated, released] = await client.allocationEvents();
    expect(allocated).toMatchObject({
      kind: 'ALLOCATED',
      cause: null,
      allocation: { port: 8000, status: 'ALLOCATED' },
    });
    expect(await client.allocationEvents({ after: allocated?.cursor })).toEqual([released]);
    expect(await client.allocationEvents({ where: { kinds: ['RELEASED'] } })).toEqual([released]);
    expect(await client.latestEventCursor()).toBe(released?.cursor);
  });
});
