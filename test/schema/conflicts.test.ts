import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { engines } from '../support/databases.ts';
import {
  allocate,
  checkout,
  granted,
  listener,
  openRegistry,
  registration,
  seeing,
  worktree,
} from '../support/registry.ts';
import { type Harbour, openHarbour } from './harbour.ts';
import { resolveConflict } from './seed.ts';

const fields = `id kind state port environment message actions detectedAt resolvedAt host { name scannedAt }
  allocation { port serviceName liveness } listener { processId worktree { path } } worktree { path host { name } }`;

interface ConflictData {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly port: number | null;
  readonly message: string;
}

async function list({ ask }: Harbour, args = ''): Promise<ConflictData[]> {
  return (await ask<{ conflicts: ConflictData[] }>(`{ conflicts${args} { ${fields} } }`)).conflicts;
}

/** One conflict by its kind; fails where there is none. */
async function conflictOf(harbour: Harbour, kind: string): Promise<ConflictData> {
  const found = (await list(harbour)).find((each) => each.kind === kind);
  return found ?? expect.fail(`There is no ${kind}.`);
}

describe.each(engines)('conflicts on $name', (engine) => {
  it('say what is wrong with whom, on their allocation, listener and worktree too', async () => {
    const harbour = await openHarbour(await engine.open());
    const { listeners, registry, ask } = harbour;
    await allocate(registry, 'web', { owner: worktree('/wt/a') });
    granted(await registry.registerWorktree(checkout('/wt/b', { services: [] })));
    listeners.push(listener(8_000, { workingDirectory: '/wt/b' }));
    await registry.scanHost();
    const [squatted] = await list(harbour);
    expect(squatted).toEqual({
      id: expect.any(String),
      kind: 'PORT_SQUATTED',
      state: 'OPEN',
      port: 8_000,
      environment: 'DEV',
      message: expect.stringMatching(/\/wt\/a.*node \(process 4711\) of worktree \/wt\/b/),
      actions: ['REALLOCATE', 'RELEASE', 'DISMISS'],
      detectedAt: '2026-11-22T12:00:00.000Z',
      resolvedAt: null,
      host: { name: 'quay', scannedAt: '2026-11-22T12:00:00.000Z' },
      allocation: { port: 8_000, serviceName: 'web', liveness: 'SQUATTED' },
      listener: { processId: 4_711, worktree: { path: '/wt/b' } },
      worktree: { path: '/wt/a', host: { name: 'quay' } },
    });
    const id = [{ id: squatted?.id }];
    expect(
      await ask(`{ portAllocation(port: 8000) { conflicts { id } } a: worktree(path: "/wt/a") { conflicts { id } }
        b: worktree(path: "/wt/b") { conflicts(first: 1) { id } } host { listeners { conflicts { id } } } }`),
    ).toEqual({
      portAllocation: { conflicts: id },
      a: { conflicts: id },
      b: { conflicts: [] },
      host: { listeners: [{ conflicts: id }] },
    });
  });

  it('are listed open ones first, the newest first, of all hosts or of one, and resolved ones on request', async () => {
    const database = await engine.open();
    const harbour = await openHarbour(database);
    const { listeners, registry, clock } = harbour;
    const pier = openRegistry(database, { hostName: 'pier', observer: seeing([listener(8_500)]), clock: clock.now });
    for (const port of [8_100, 8_200, 8_300]) {
      listeners.push(listener(port));
      await registry.scanHost(); // one after the other
      clock.advance(1_000);
    }
    await pier.scanHost();
    for (const gone of [8_200, 8_100]) {
      listeners.splice(
        listeners.findIndex(({ port }) => port === gone),
        1,
      );
      await registry.scanHost(); // one after the other
      clock.advance(1_000);
    }
    const ports = async (args?: string) => (await list(harbour, args)).map(({ port }) => port);
    expect(await ports()).toEqual([8_500, 8_300]);
    expect(await ports('(host: "quay")')).toEqual([8_300]);
    expect(await ports('(host: "nowhere")')).toEqual([]);
    expect(await ports('(includeResolved: true)')).toEqual([8_500, 8_300, 8_100, 8_200]);
    expect(await ports('(includeResolved: true, host: "quay", first: 2, skip: 1)')).toEqual([8_100, 8_200]);
    const [, resolved] = await list(harbour, '(includeResolved: true, host: "quay")');
    expect(resolved).toMatchObject({ state: 'RESOLVED', actions: [], resolvedAt: '2026-11-22T12:00:04.000Z' });
  });

  it('are settled by adopting what listens, which is seen active at once', async () => {
    const harbour = await openHarbour(await engine.open());
    const { listeners, registry } = harbour;
    granted(await registry.registerWorktree(checkout('/wt/b', { services: [] })));
    listeners.push(listener(8_123, { workingDirectory: '/wt/b/docs' }));
    await registry.scanHost();
    const { id } = await conflictOf(harbour, 'UNREGISTERED_LISTENER');
    const success = `... on ResolveConflictSuccess { conflict { state listener { allocation { serviceName } } }
      allocation { port status liveness processId serviceName worktree { path } } }`;
    expect(await resolveConflict(harbour, id, 'ADOPT', success)).toEqual({
      __typename: 'ResolveConflictSuccess',
      conflict: { state: 'RESOLVED', listener: { allocation: { serviceName: 'docs' } } },
      allocation: {
        port: 8_123,
        status: 'ACTIVE',
        liveness: 'LIVE',
        processId: 4_711,
        serviceName: 'docs',
        worktree: { path: '/wt/b' },
      },
    });
    expect(await list(harbour)).toEqual([]);
  });

  it('are settled by moving or releasing the claim, or dismissed', async () => {
    const harbour = await openHarbour(await engine.open());
    const { listeners, registry } = harbour;
    granted(await registry.registerWorktree(checkout('/wt/b', { services: [] })));
    const success = '... on ResolveConflictSuccess { conflict { state } allocation { port status } }';
    const settled = { __typename: 'ResolveConflictSuccess', conflict: { state: 'RESOLVED' } };
    await allocate(registry, 'web', { owner: worktree('/wt/a') });
    listeners.push(listener(8_000, { workingDirectory: '/wt/b' }));
    await registry.scanHost();
    const moved = await resolveConflict(
      harbour,
      (await conflictOf(harbour, 'PORT_SQUATTED')).id,
      'REALLOCATE',
      success,
    );
    expect(moved).toEqual({ ...settled, allocation: { port: 8_001, status: 'ALLOCATED' } });

    await registry.scanHost();
    const dismissed = (await conflictOf(harbour, 'UNREGISTERED_LISTENER')).id;
    expect(await resolveConflict(harbour, dismissed, 'DISMISS', success)).toEqual({ ...settled, allocation: null });
    await registry.scanHost();
    expect(await list(harbour)).toEqual([]);

    listeners.push(listener(8_001, { workingDirectory: '/wt/b' }));
    await registry.scanHost();
    const squatted = (await conflictOf(harbour, 'PORT_SQUATTED')).id;
    const released = { port: 8_001, status: 'RELEASED' };
    expect(await resolveConflict(harbour, squatted, 'RELEASE', success)).toEqual({ ...settled, allocation: released });
  });

  it('stay as they are where the action does not fit, is late, or there is no such conflict', async () => {
    const harbour = await openHarbour(await engine.open());
    const { listeners, registry } = harbour;
    listeners.push(listener(8_123));
    await registry.scanHost();
    const { id } = await conflictOf(harbour, 'UNREGISTERED_LISTENER');
    expect(await resolveConflict(harbour, id, 'RELEASE')).toMatchObject({
      __typename: 'InvalidInput',
      message: expect.stringContaining('ADOPT or DISMISS'),
      issues: [{ path: ['action'] }],
    });
    granted(await registry.registerPort(registration(8_123, 'docs', { environment: 'dev' })));
    for (const late of ['ADOPT', 'DISMISS'] as const) {
      const answer = await resolveConflict(harbour, id, late); // one after the other
      expect(answer).toMatchObject({ __typename: 'InvalidInput', message: expect.stringContaining('resolved at') });
    }
    for (const unknown of [randomUUID(), 'no UUID', '1', "'; --", '🚢']) {
      const answer = await resolveConflict(harbour, unknown, 'DISMISS'); // one after the other
      expect(answer).toMatchObject({ __typename: 'NotFound', message: expect.stringContaining(unknown) });
    }
    expect(await resolveConflict(harbour, 'a\0b', 'DISMISS')).toMatchObject({ __typename: 'InvalidInput' });
  });

  it('outlive the history of what they are about', async () => {
    const database = await engine.open();
    const harbour = await openHarbour(database);
    const { listeners, registry } = harbour;
    await allocate(registry, 'web', { owner: worktree('/wt/a') });
    granted(await registry.registerWorktree(checkout('/wt/b', { services: [] })));
    listeners.push(listener(8_000, { workingDirectory: '/wt/b' }));
    await registry.scanHost();
    await database.query('UPDATE wharfinger.conflict SET allocation_id = NULL');
    expect(await list(harbour)).toEqual([expect.objectContaining({ kind: 'PORT_SQUATTED', allocation: null })]);
  });
});
