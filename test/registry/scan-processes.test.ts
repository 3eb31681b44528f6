import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Conflict } from '../../src/domain/registry-model.ts';
import { createObserver } from '../../src/observer/observer.ts';
import { probePort } from '../../src/observer/probe.ts';
import { readEvents } from '../../src/storage/event-log.ts';
import { engines } from '../support/databases.ts';
import { startDevServer, startVite } from '../support/dev-server.ts';
import { freeSpace } from '../support/free-space.ts';
import { allocate, claim, granted, openRegistry, policy, refused, worktree } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A registry that really looks at this machine, with two worktrees on disk. */
async function openHarbour(engine: (typeof engines)[number]) {
  const database = await engine.open();
  const dev = await freeSpace();
  const ranges = { ...policy().ranges, dev };
  const registry = openRegistry(database, { policy: policy({ ranges }), probePort, observer: createObserver() });
  const base = await realpath(await temporaryDirectory());
  const [a, b] = [join(base, 'a'), join(base, 'b')];
  for (const path of [a, b]) await mkdir(path); // two
  const row = async (port: number) => {
    const held = await database.prisma.portAllocation.findFirst({ where: { port, releasedAt: null } });
    return held && { status: held.status, liveness: held.liveness, processId: held.processId };
  };
  return { database, registry, dev, base, a, b, row };
}

const openOf = (conflicts: readonly Conflict[], port: number) => conflicts.filter((each) => each.port === port);

describe.runIf(process.platform === 'linux').each(engines)('what really runs, on $name', (engine) => {
  it('makes a port active while its owner listens, and leaves it held when it stops', async () => {
    const { registry, database, a, row } = await openHarbour(engine);
    const { port } = await allocate(registry, 'web', { owner: worktree(a) });
    const server = await startDevServer({ cwd: a, port });
    expect((await registry.scanHost()).activated.map((each) => each.port)).toEqual([port]);
    expect(await row(port)).toEqual({ status: 'active', liveness: 'live', processId: server.pid });

    await server.stop();
    expect((await registry.scanHost()).deactivated.map((each) => each.port)).toEqual([port]);
    expect(await row(port)).toEqual({ status: 'allocated', liveness: 'idle', processId: server.pid });
    expect((await allocate(registry, 'other')).port).not.toBe(port);
    refused(await registry.allocatePort(claim('another', { exactPort: port })), 'PORT_UNAVAILABLE');
    const kinds = (await readEvents(database, 0, 10)).map(({ kind }) => kind);
    expect(kinds).toEqual(['allocated', 'activated', 'deactivated', 'allocated']);
  });

  it('makes a port active that Vite serves', async () => {
    const { registry, a, row } = await openHarbour(engine);
    const { port } = await allocate(registry, 'web', { owner: worktree(a) });
    const vite = await startVite(a, port);
    await registry.scanHost();
    expect(await row(port)).toEqual({ status: 'active', liveness: 'live', processId: vite.pid });
    await vite.stop();
    await registry.scanHost();
    expect(await row(port)).toMatchObject({ status: 'allocated', liveness: 'idle' });
  });

  it("finds another worktree's server on a held port, names both, and lets go when it stops", async () => {
    const { registry, a, b, row } = await openHarbour(engine);
    const { port } = await allocate(registry, 'web', { owner: worktree(a) });
    await allocate(registry, 'web', { owner: worktree(b) });
    const squatter = await startDevServer({ cwd: b, port });
    const [conflict] = openOf((await registry.scanHost()).opened, port);
    expect(conflict).toMatchObject({ kind: 'port_squatted', listener: { processId: squatter.pid } });
    for (const part of [a, b, String(squatter.pid), String(port)]) expect(conflict?.message).toContain(part);
    expect(await row(port)).toMatchObject({ status: 'allocated', liveness: 'squatted' });
    expect((await registry.scanHost()).opened).toEqual([]);

    await squatter.stop();
    expect((await registry.scanHost()).resolved).toMatchObject([{ id: conflict?.id, kind: 'port_squatted' }]);
    expect(await row(port)).toMatchObject({ liveness: 'idle' });
  });

  it("raises no alarm for a server elsewhere that the owner's shell started", async () => {
    const { registry, a, base, row } = await openHarbour(engine);
    const { port } = await allocate(registry, 'web', { owner: worktree(a) });
    const server = await startDevServer({ cwd: base, port, startedFrom: a });
    const { opened } = await registry.scanHost();
    expect(opened).toEqual([]);
    expect(await row(port)).toEqual({ status: 'active', liveness: 'live', processId: server.pid });
  });

  it("cannot tell whose a server is that runs in no worktree, and takes it for the owner's where there is none", async () => {
    const { registry, a, base, row } = await openHarbour(engine);
    const { port } = await allocate(registry, 'web', { owner: worktree(a) });
    const { port: ownerless } = await allocate(registry, 'api');
    await startDevServer({ cwd: base, port });
    await startDevServer({ cwd: base, port: ownerless });
    expect((await registry.scanHost()).opened).toEqual([]);
    expect(await row(port)).toMatchObject({ status: 'allocated', liveness: 'unknown' });
    expect(await row(ownerless)).toMatchObject({ status: 'active', liveness: 'live' });
  });

  it('finds what listens without a claim, adopts it, and never gives its port to anybody meanwhile', async () => {
    const { registry, a, dev, row } = await openHarbour(engine);
    await allocate(registry, 'db', { owner: worktree(a), exactPort: dev.start + 9 });
    await mkdir(join(a, 'api'));
    const server = await startDevServer({ cwd: join(a, 'api'), port: dev.start });
    const [conflict] = openOf((await registry.scanHost()).opened, dev.start);
    expect(conflict).toMatchObject({ kind: 'unregistered_listener', listener: { processId: server.pid } });
    expect((await allocate(registry, 'free')).port).toBe(dev.start + 1);

    const adopted = granted(await registry.resolveConflict({ id: conflict?.id ?? '', action: 'ADOPT' }));
    expect(adopted.allocation).toMatchObject({ port: dev.start, serviceName: 'api', owner: `worktree:${a}` });
    await registry.scanHost();
    expect(await row(dev.start)).toEqual({ status: 'active', liveness: 'live', processId: server.pid });
  });

  it('refuses a port that somebody listens on, and says who, and gives it to whom the listener belongs', async () => {
    const { registry, a, b, dev } = await openHarbour(engine);
    for (const path of [a, b]) await allocate(registry, 'db', { owner: worktree(path) }); // registers it
    const exactPort = dev.end;
    const server = await startDevServer({ cwd: b, port: exactPort });
    const refusal = refused(
      await registry.allocatePort(claim('web', { owner: worktree(a), exactPort })),
      'PORT_UNAVAILABLE',
    );
    expect(refusal.reasons).toEqual(['LISTENING']);
    expect(refusal.message).toContain(`node (process ${server.pid}) of worktree ${b} listens on it`);
    const check = await registry.checkPort({ port: refusal.port, host: null });
    expect(check).toMatchObject({ available: false, listener: { seen: { process: { id: server.pid } } } });
    expect(check.explanation).toContain(b);
    expect(await allocate(registry, 'web', { owner: worktree(b), exactPort })).toMatchObject({ port: exactPort });
  });

  it('gives a service its former port again though its own server still listens there', async () => {
    const { registry, a } = await openHarbour(engine);
    const owner = worktree(a);
    const { port } = await allocate(registry, 'web', { owner });
    await startDevServer({ cwd: a, port });
    await registry.releasePort({ port, host: null, owner, force: false });
    expect((await allocate(registry, 'web', { owner })).port).toBe(port);
  });

  it('warns of a port that was taken by force from under a stranger, until the stranger leaves', async () => {
    const { registry, database, a, base, dev } = await openHarbour(engine);
    const stranger = await startDevServer({ cwd: base, port: dev.start });
    await allocate(registry, 'web', { owner: worktree(a), exactPort: dev.start, force: true });
    expect((await registry.scanHost()).opened).toEqual([]);
    const open = await database.prisma.conflict.findMany({ where: { resolvedAt: null } });
    expect(open.map(({ kind }) => kind)).toEqual(['allocated_while_listening']);
    await stranger.stop();
    expect((await registry.scanHost()).resolved.map(({ kind }) => kind)).toEqual(['allocated_while_listening']);
  });

  it('releases what a deleted worktree held after as many scans as configured, and not before', async () => {
    const { registry, a, b, database } = await openHarbour(engine);
    const { port } = await allocate(registry, 'web', { owner: worktree(a) });
    const { port: other } = await allocate(registry, 'web', { owner: worktree(b) });
    await registry.scanHost();
    await rm(a, { recursive: true });
    await rm(b, { recursive: true });
    await startDevServer({ cwd: '/', port: other });
    const clean = async (dryRun: boolean) => {
      const { released } = await registry.cleanupPorts({ host: null, dryRun });
      return released.map(({ allocation, reason }) => [allocation.port, reason]);
    };
    for (const misses of [0, 1, 2]) {
      expect(await clean(false), `after ${misses} misses`).toEqual([]); // each by itself
      await registry.scanHost();
    }
    expect(await clean(true)).toEqual([[port, 'ORPHANED_WORKTREE']]);
    expect(await clean(true)).toEqual([[port, 'ORPHANED_WORKTREE']]);
    expect(await clean(false)).toEqual([[port, 'ORPHANED_WORKTREE']]);
    const events = await readEvents(database, 0, 100, { kinds: ['released'] });
    expect(events.map(({ cause, allocation }) => [allocation.port, cause])).toEqual([
      [port, expect.stringContaining(`cleanup: Its worktree ${a} is gone from disk`)],
    ]);
    const removed = await database.prisma.worktree.findMany({ where: { removedAt: { not: null } } });
    expect(removed.map(({ path }) => path)).toEqual([a]);
  });
});
