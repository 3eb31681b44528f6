import { describe, expect, it } from 'vitest';
import { DetectionFailed } from '../../src/observer/detection-failed.ts';
import { engines } from '../support/databases.ts';
import { allocate, listener, openRegistry, release, seeing, stoppedClock, worktree } from '../support/registry.ts';
import { openHarbour } from './harbour.ts';

const fields = 'port status liveness lastCheckedAt lastActiveAt processId';
const list = `{ portAllocations { edges { node { ${fields} } } } }`;

type Seen = Record<'port' | 'status' | 'liveness' | 'lastCheckedAt' | 'lastActiveAt' | 'processId', unknown>;
const seenIn = ({ portAllocations }: { portAllocations: { edges: { node: Seen }[] } }) =>
  portAllocations.edges.map(({ node }) => node);

const at = (seconds: number) => new Date(Date.parse('2026-11-22T12:00:00.000Z') + seconds * 1_000).toISOString();

describe.each(engines)('liveness on $name', (engine) => {
  it('is what the last look saw, and so are the times, as long as somebody looks', async () => {
    const { listeners, registry, clock, ask } = await openHarbour(await engine.open());
    await allocate(registry, 'live', { owner: worktree('/wt/a') });
    await allocate(registry, 'squatted', { owner: worktree('/wt/b') });
    await allocate(registry, 'idle', { owner: worktree('/wt/c') });
    await allocate(registry, 'elsewhere', { host: 'pier' });
    const never = { liveness: 'UNKNOWN', lastCheckedAt: null, lastActiveAt: null, processId: null };
    const elsewhere = { ...never, port: 8_000, status: 'ALLOCATED' };
    expect(seenIn(await ask(list))).toEqual(
      [8_000, 8_000, 8_001, 8_002].map((port) => ({ ...never, port, status: 'ALLOCATED' })),
    );

    listeners.push(listener(8_000, { workingDirectory: '/wt/a' }), listener(8_001, { workingDirectory: '/wt/a' }));
    clock.advance(1_000);
    await registry.scanHost();
    clock.advance(15_000);
    await registry.scanHost(); // finds the same, and writes no row
    const looked = { lastCheckedAt: at(16), lastActiveAt: null, processId: null };
    const live = { ...looked, port: 8_000, status: 'ACTIVE', liveness: 'LIVE', lastActiveAt: at(16), processId: 4_711 };
    const squatted = { ...looked, port: 8_001, status: 'ALLOCATED', liveness: 'SQUATTED' };
    const idle = { ...looked, port: 8_002, status: 'ALLOCATED', liveness: 'IDLE' };
    const seen = seenIn(await ask(list));
    expect(seen).toHaveLength(4);
    expect(seen).toEqual(expect.arrayContaining([elsewhere, live, squatted, idle]));

    clock.advance(55_000);
    expect(seenIn(await ask(list))).toEqual(expect.arrayContaining([live, squatted, idle]));
    clock.advance(1);
    const doubted = [live, squatted, idle].map((each) => ({ ...each, liveness: 'UNKNOWN' }));
    expect(seenIn(await ask(list))).toEqual(expect.arrayContaining([elsewhere, ...doubted]));
  });

  it('is unknown once the host cannot be looked at, and for what is released', async () => {
    const database = await engine.open();
    const { listeners, registry, ask } = await openHarbour(database);
    await allocate(registry, 'web');
    await allocate(registry, 'api');
    listeners.push(listener(8_000), listener(8_001));
    await registry.scanHost();
    await registry.releasePort(release(8_001));
    const all = `{ portAllocations(where: {statuses: [ACTIVE, RELEASED]}) { edges { node { ${fields} } } } }`;
    const [web, api] = seenIn(await ask(all));
    expect(web).toMatchObject({ liveness: 'LIVE', lastCheckedAt: at(0) });
    expect(api).toMatchObject({ status: 'RELEASED', liveness: 'UNKNOWN', lastActiveAt: at(0), processId: 4_711 });

    const observer = { ...seeing(), listeners: () => Promise.reject(new DetectionFailed('lsof is missing.')) };
    const blind = openRegistry(database, { observer, clock: stoppedClock().now });
    await expect(blind.scanHost()).rejects.toThrow('lsof is missing.');
    expect(seenIn(await ask(all))[0]).toMatchObject({ status: 'ACTIVE', liveness: 'UNKNOWN' });
    expect(await ask('{ host { scannedAt listeners { port } } }')).toEqual({
      host: { scannedAt: null, listeners: [{ port: 8_000 }, { port: 8_001 }] },
    });
  });

  it('of an event is what was seen then', async () => {
    const { listeners, registry, clock, ask } = await openHarbour(await engine.open());
    await allocate(registry, 'web');
    listeners.push(listener(8_000));
    clock.advance(1_000);
    await registry.scanHost();
    listeners.pop();
    clock.advance(9_000);
    await registry.scanHost();
    clock.advance(3_600_000);
    await registry.releasePort(release(8_000));
    const { allocationEvents } = await ask<{ allocationEvents: { kind: string; allocation: Seen }[] }>(
      `{ allocationEvents { kind allocation { liveness lastCheckedAt lastActiveAt host { name } } } }`,
    );
    const host = { name: 'quay' };
    expect(allocationEvents).toEqual([
      { kind: 'ALLOCATED', allocation: { liveness: 'UNKNOWN', lastCheckedAt: null, lastActiveAt: null, host } },
      { kind: 'ACTIVATED', allocation: { liveness: 'LIVE', lastCheckedAt: at(1), lastActiveAt: at(1), host } },
      { kind: 'DEACTIVATED', allocation: { liveness: 'IDLE', lastCheckedAt: at(10), lastActiveAt: at(1), host } },
      { kind: 'RELEASED', allocation: { liveness: 'UNKNOWN', lastCheckedAt: at(10), lastActiveAt: at(1), host } },
    ]);
  });
});
