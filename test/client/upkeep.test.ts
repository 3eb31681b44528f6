import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Conflict, Liveness } from '../../src/client/client.ts';
import { openHarbour } from '../schema/harbour.ts';
import { embedded } from '../support/databases.ts';
import { createRepository } from '../support/git-repository.ts';
import { listener } from '../support/registry.ts';
import { granted, openClient } from './registry-client.ts';

/** A client of a server that sees on its host what the test lets listen there. */
async function openHost() {
  const harbour = await openHarbour(await embedded.open());
  return { ...harbour, client: openClient({ url: harbour.url }) };
}

const cart = { worktreePath: '/wt/cart' };

describe('what listens', () => {
  it('is told of a scan, of a host, of a port, and of what holds it', async () => {
    const { client, listeners } = await openHost();
    granted(await client.allocatePort({ serviceName: 'web', owner: cart }));
    listeners.push(listener(8_000, { workingDirectory: '/wt/cart' }), listener(8_123));

    const scan = await client.scanHost();
    expect(scan).toMatchObject({
      host: { name: 'quay', scannedAt: expect.any(String) },
      activated: [{ port: 8_000, status: 'ACTIVE', liveness: 'LIVE' }],
      deactivated: [],
      opened: [{ kind: 'UNREGISTERED_LISTENER', port: 8_123 }],
      resolved: [],
    });
    expectTypeOf(scan.opened).toEqualTypeOf<Conflict[]>();
    const heard = await client.listeners();
    expect(heard).toMatchObject([
      { port: 8_000, processId: 4_711, worktree: { path: '/wt/cart' }, allocation: { serviceName: 'web' } },
      { port: 8_123, command: 'node server.js', worktree: null, allocation: null },
    ]);
    expect(scan.listeners).toEqual(heard);
    const part = { listenerCount: 2, listeners: [heard[0]], activatedCount: 0, openedCount: 0 };
    expect(await client.scanHost({ first: 1 })).toMatchObject(part);
    expect(await client.listeners({ host: 'quay', first: 1, skip: 1 })).toEqual([heard[1]]);
    expect(await client.listeners({ host: 'nowhere' })).toEqual([]);
    expect(await client.listeners({ first: 1_000 })).toEqual(heard);
    expect(await client.host()).toMatchObject({ scannedAt: scan.host.scannedAt });

    const held = await client.portAllocation({ port: 8_000 });
    expectTypeOf(held?.liveness).toEqualTypeOf<Liveness | undefined>();
    expect(held).toMatchObject({ liveness: 'LIVE', processId: 4_711 });
    expect(await client.checkPort({ port: 8_123 })).toMatchObject({ listener: { port: 8_123, processName: 'node' } });
    const refused = await client.allocatePort({ serviceName: 'api', exactPort: 8_123 });
    expect(refused).toMatchObject({ code: 'PORT_UNAVAILABLE', listener: { port: 8_123, processId: 4_711 } });
  });
});

describe('conflicts', () => {
  it('come with the mutations that they concern, are listed, and are settled', async () => {
    const { client, listeners } = await openHost();
    granted(await client.registerWorktree({ path: '/wt/cart' }));
    listeners.push(listener(8_123, { workingDirectory: '/wt/cart' }));
    const forced = granted(
      await client.allocatePort({
        serviceName: 'api',
        exactPort: 8_123,
        force: true,
        owner: { worktreePath: '/wt/pay' },
      }),
    );
    expect(forced.warnings).toMatchObject([
      {
        kind: 'ALLOCATED_WHILE_LISTENING',
        state: 'OPEN',
        allocation: { serviceName: 'api' },
        listener: { worktree: { path: '/wt/cart' } },
        worktree: { path: '/wt/pay', missingSince: null },
      },
    ]);
    expect(await client.conflicts({ first: 1_000 })).toEqual(forced.warnings);
    expect(await client.conflicts({ host: 'nowhere' })).toEqual([]);

    const [id = ''] = forced.warnings.map((conflict) => conflict.id);
    const wrong = await client.resolveConflict({ id, action: 'ADOPT' });
    expect(wrong).toMatchObject({ __typename: 'InvalidInput', issues: [{ path: ['action'] }] });
    const settled = granted(await client.resolveConflict({ id, action: 'REALLOCATE' }));
    expect(settled).toMatchObject({
      conflict: { id, state: 'RESOLVED', actions: [] },
      allocation: { port: 8_001, serviceName: 'api', worktree: { path: '/wt/pay' } },
    });
    expect((await client.conflicts()).map((conflict) => conflict.id)).not.toContain(id);
    expect(await client.conflicts({ ids: [id], includeResolved: true })).toMatchObject([{ id, state: 'RESOLVED' }]);
    const gone = await client.resolveConflict({ id: 'nothing', action: 'DISMISS' });
    expect(gone).toMatchObject({ __typename: 'NotFound' });
  });

  it('are empty warnings where all is well', async () => {
    const { client } = await openHost();
    const results = [
      granted(await client.registerCodebase({ id: 'shop', name: 'shop' })),
      granted(await client.registerWorktree({ path: '/wt/cart', codebaseId: 'shop' })),
      granted(await client.allocatePorts({ services: [{ serviceName: 'a' }, { serviceName: 'b' }] })),
      granted(await client.registerPort({ serviceName: 'shop', port: 9_100 })),
      granted(await client.releasePort({ port: 9_100 })),
      granted(await client.removeWorktree({ path: '/wt/cart' })),
    ];
    expect(results.map(({ warnings }) => warnings)).toEqual(results.map(() => []));
  });
});

describe('cleaning up', () => {
  it('says what becomes of each allocation, and why, and of another host only that', async () => {
    const { client } = await openHost();
    granted(await client.registerPort({ serviceName: 'shop', port: 9_100 }));
    const dryRun = await client.cleanupPorts({ dryRun: true });
    expect(dryRun).toMatchObject({
      dryRun: true,
      historyPruned: 0,
      released: [],
      kept: [{ reason: 'PRODUCTION', explanation: expect.any(String), allocation: { port: 9_100 } }],
    });
    expect(await client.cleanupPorts()).toEqual({ ...dryRun, dryRun: false });
    expect(await client.cleanupPorts({ host: 'pier' })).toMatchObject({ kept: [], released: [] });
    expect(await client.cleanupPorts({ dryRun: true, first: 1, skip: 1 })).toMatchObject({ keptCount: 1, kept: [] });
  });
});

describe('backfilling', () => {
  it('gives the worktrees of a repository their ports, once, and says before what it would do', async () => {
    const { client } = await openHost();
    const { path, add } = await createRepository();
    const cartPath = await add('cart', { branch: 'cart' });
    await writeFile(join(cartPath, '.env'), 'PORT=8010\n');
    granted(await client.registerCodebase({ id: 'shop', name: 'shop', defaultCwd: path }));

    const wish = {
      codebaseId: 'shop',
      conversations: [{ path: cartPath, conversationId: 'issue-7' }],
    };
    const planned = granted(await client.backfillWorktrees({ ...wish, dryRun: true }));
    expect(planned).toMatchObject({ dryRun: true, skipped: [] });
    expect(await client.worktrees()).toEqual([]);
    const done = granted(await client.backfillWorktrees(wish));
    expect(done.items).toMatchObject([
      { created: true, worktree: { path }, allocations: [{ port: 8_000 }] },
      {
        created: true,
        explanation: expect.stringContaining('8010'),
        worktree: { path: cartPath, branch: 'cart', conversationId: 'issue-7' },
        allocations: [{ port: 8_010, conversationId: 'issue-7' }],
      },
    ]);
    const again = granted(await client.backfillWorktrees(wish));
    expect(again.items.map(({ created }) => created)).toEqual([false, false]);
    expect(await client.backfillWorktrees({ codebaseId: 'none' })).toMatchObject({ __typename: 'NotFound' });
  });
});
