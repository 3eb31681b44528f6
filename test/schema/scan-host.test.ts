import { describe, expect, it } from 'vitest';
import { DetectionFailed } from '../../src/observer/detection-failed.ts';
import { embedded, engines } from '../support/databases.ts';
import { allocate, checkout, granted, listener, seeing, worktree } from '../support/registry.ts';
import { openHarbour } from './harbour.ts';

const scan = `mutation { scanHost { host { name scannedAt listeners { port } } listeners { port processName allocation { serviceName status } conflicts { kind } }
  activated { port status liveness host { name } worktree { path } } deactivated { port status liveness }
  opened { kind port allocation { serviceName } listener { port } worktree { path codebase { id } } } resolved { kind port state } } }`;

const nothing = { activated: [], deactivated: [], opened: [], resolved: [] };

describe.each(engines)('scanHost on $name', (engine) => {
  it('tells what listens, and what that changes', async () => {
    const { listeners, registry, ask } = await openHarbour(await engine.open());
    await allocate(registry, 'web', { owner: worktree('/wt/a') });
    granted(await registry.registerWorktree(checkout('/wt/b', { services: [] })));
    listeners.push(listener(8_000, { workingDirectory: '/wt/a' }), listener(8_123, { workingDirectory: '/wt/b' }));
    const host = { name: 'quay', scannedAt: '2026-11-22T12:00:00.000Z', listeners: [{ port: 8_000 }, { port: 8_123 }] };
    const seen = [
      { port: 8_000, processName: 'node', allocation: { serviceName: 'web', status: 'ACTIVE' }, conflicts: [] },
      { port: 8_123, processName: 'node', allocation: null, conflicts: [{ kind: 'UNREGISTERED_LISTENER' }] },
    ];
    const found = { kind: 'UNREGISTERED_LISTENER', port: 8_123 };
    expect(await ask(scan)).toEqual({
      scanHost: {
        ...nothing,
        host,
        listeners: seen,
        activated: [
          { port: 8_000, status: 'ACTIVE', liveness: 'LIVE', host: { name: 'quay' }, worktree: { path: '/wt/a' } },
        ],
        opened: [
          { ...found, allocation: null, listener: { port: 8_123 }, worktree: { path: '/wt/b', codebase: null } },
        ],
      },
    });
    expect(await ask(scan)).toEqual({ scanHost: { ...nothing, host, listeners: seen } });

    listeners.splice(0);
    expect(await ask(scan)).toEqual({
      scanHost: {
        host: { ...host, listeners: [] },
        listeners: [],
        activated: [],
        deactivated: [{ port: 8_000, status: 'ALLOCATED', liveness: 'IDLE' }],
        opened: [],
        resolved: [{ ...found, state: 'RESOLVED' }],
      },
    });
  });
});

describe('scanHost', () => {
  it('gives a part of what it found as asked, and tells how much that was', async () => {
    const { listeners, registry, ask } = await openHarbour(await embedded.open());
    for (const name of ['a', 'b', 'c']) await allocate(registry, name); // in this order
    listeners.push(...[8_000, 8_001, 8_002, 8_123, 8_124].map((port) => listener(port)));
    const lists = `listenerCount listeners(first: 2, skip: 1) { port } activatedCount activated(first: 1) { port }
      deactivatedCount deactivated(skip: 1) { port } openedCount opened(skip: 1) { port } resolvedCount resolved(first: 1) { port }`;
    expect(await ask(`mutation { scanHost { ${lists} } }`)).toEqual({
      scanHost: {
        listenerCount: 5,
        listeners: [{ port: 8_001 }, { port: 8_002 }],
        activatedCount: 3,
        activated: [{ port: 8_000 }],
        deactivatedCount: 0,
        deactivated: [],
        openedCount: 2,
        opened: [{ port: 8_124 }],
        resolvedCount: 0,
        resolved: [],
      },
    });
    listeners.splice(0);
    expect(await ask(`mutation { scanHost { ${lists} } }`)).toMatchObject({
      scanHost: {
        deactivatedCount: 3,
        deactivated: [{ port: 8_001 }, { port: 8_002 }],
        resolvedCount: 2,
        resolved: [{ port: 8_123 }],
      },
    });
  });

  it('says plainly that listeners cannot be seen, and what to do', async () => {
    const message = 'lsof was not found: install it.';
    const observer = { ...seeing(), listeners: () => Promise.reject(new DetectionFailed(message)) };
    const { post, entries } = await openHarbour(await embedded.open(), { observer });
    const { errors } = await post('mutation { scanHost { listeners { port } } }');
    expect(errors).toEqual([
      expect.objectContaining({ message, path: ['scanHost'], extensions: { code: 'DETECTION_FAILED' } }),
    ]);
    expect(entries('error')).toEqual([]);
  });
});
