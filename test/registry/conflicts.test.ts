import { describe, expect, it } from 'vitest';
import type { SeenListener } from '../../src/domain/observation.ts';
import { asPort } from '../../src/domain/port.ts';
import type { Database } from '../../src/storage/database.ts';
import { engines, postgresql } from '../support/databases.ts';
import {
  allocate,
  claims,
  codebase,
  granted,
  here,
  listener,
  openRegistry,
  policy,
  registration,
  release,
  repository,
  seeing,
  service,
  span,
  stoppedClock,
  worktree,
} from '../support/registry.ts';

/** The conflicts, oldest first: what they are about and whether they are open. */
async function conflictsIn(database: Database) {
  const rows = await database.prisma.conflict.findMany({ orderBy: { openedNumber: 'asc' } });
  return rows.map(({ kind, hostName, port, environment, resolvedAt }) => ({
    kind,
    on: port ?? environment ?? hostName,
    isOpen: resolvedAt === null,
  }));
}

const many = (count: number, prefix = 's') => Array.from({ length: count }, (_, index) => service(`${prefix}${index}`));

describe.each(engines)('conflicts on $name', (engine) => {
  it('open once when 800 of 1,000 ports are held, and resolve when one is released', async () => {
    const database = await engine.open();
    const registry = openRegistry(database);
    for (let group = 0; group < 8; group++) {
      const size = group === 7 ? 99 : 100;
      granted(await registry.allocatePorts(claims(many(size, `g${group}-`)))); // one group after the other
    }
    expect(await conflictsIn(database)).toEqual([]);
    const full = { kind: 'range_nearly_exhausted', on: 'dev' };
    await Promise.all(Array.from({ length: 10 }, (_, index) => allocate(registry, `at once ${index}`)));
    expect(await conflictsIn(database)).toEqual([{ ...full, isOpen: true }]);
    await registry.scanHost();
    expect(await conflictsIn(database)).toEqual([{ ...full, isOpen: true }]);

    for (let port = 8_000; port < 8_009; port++) granted(await registry.releasePort(release(port))); // in order
    expect(await conflictsIn(database)).toEqual([{ ...full, isOpen: true }]);
    granted(await registry.releasePort(release(8_009)));
    expect(await conflictsIn(database)).toEqual([{ ...full, isOpen: false }]);
    await allocate(registry, 'one more', { preferredPort: 8_900 });
    expect(await conflictsIn(database)).toEqual([
      { ...full, isOpen: false },
      { ...full, isOpen: true },
    ]);
  });

  it('tell that a range overlaps what the system gives to connections, until it is moved', async () => {
    const database = await engine.open();
    const ranges = { ...policy().ranges, dev: span(32_000, 33_000) };
    const ephemeral = { ...span(32_768, 60_999), reserved: [] };
    const overlapping = openRegistry(database, { policy: policy({ ranges }), observer: seeing([], ephemeral) });
    const [overlap] = (await overlapping.scanHost()).opened;
    expect(overlap).toMatchObject({ kind: 'range_overlap', environment: 'dev' });
    expect(overlap?.message).toContain('32768-33000');
    expect((await overlapping.scanHost()).opened).toEqual([]);

    const moved = openRegistry(database, { observer: seeing([], ephemeral) });
    expect((await moved.scanHost()).resolved.map(({ id }) => id)).toEqual([overlap?.id]);
  });

  it('tell of a configured port that somebody else holds, on whatever host, and of one that two configure', async () => {
    const database = await engine.open();
    const registry = openRegistry(database);
    granted(await registry.registerPort(registration(8_100, 'api', { host: 'pier' })));
    granted(await registry.registerPort(registration(8_100, 'api')));
    granted(
      await registry.registerCodebase(repository('shop', { id: 'shop', servicePorts: { api: 8_100, web: 8_101 } })),
    );
    const held = { kind: 'port_config_collision', on: 8_100 };
    expect(await conflictsIn(database)).toEqual([
      { ...held, isOpen: true },
      { ...held, isOpen: true },
    ]);
    granted(await registry.releasePort(release(8_100, { host: 'pier' })));
    granted(await registry.registerPort(registration(8_101, 'web', { owner: codebase('shop') })));
    granted(await registry.registerCodebase(repository('blog', { id: 'blog', servicePorts: { web: 8_101 } })));
    const open = (await conflictsIn(database)).filter(({ isOpen }) => isOpen);
    // Its holder has 8101 by its own configuration, so only the codebases collide there.
    expect(open.map(({ on }) => on)).toEqual([8_100, 8_101]);

    granted(await registry.registerCodebase(repository('shop', { id: 'shop', servicePorts: { api: 8_102 } })));
    granted(await registry.registerCodebase(repository('blog', { id: 'blog', servicePorts: { web: 8_103 } })));
    expect((await conflictsIn(database)).filter(({ isOpen }) => isOpen)).toEqual([]);
  });

  it('stay dismissed while their cause lasts, also over a restart, and open again after it was gone', async () => {
    const database = await engine.open();
    const listening = [listener(8_123, { workingDirectory: '/src/tools' })];
    const observer = seeing(listening);
    const registry = openRegistry(database, { observer });
    const [found] = (await registry.scanHost()).opened;
    granted(await registry.resolveConflict({ id: found?.id ?? '', action: 'DISMISS' }));
    expect((await registry.scanHost()).opened).toEqual([]);
    expect((await openRegistry(database, { observer }).scanHost()).opened).toEqual([]);
    const [seen] = listening.splice(0);
    await registry.scanHost();
    listening.push(seen as SeenListener);
    expect((await registry.scanHost()).opened).toMatchObject([{ kind: 'unregistered_listener', port: 8_123 }]);
  });

  it('give a squatted service another port on request, and say which', async () => {
    const database = await engine.open();
    const observer = seeing([listener(8_000, { workingDirectory: '/wt/b' })]);
    const registry = openRegistry(database, { observer });
    await allocate(registry, 'web', { owner: worktree('/wt/a'), metadata: { kept: true } });
    await allocate(registry, 'web', { owner: worktree('/wt/b') });
    const [squatted] = (await registry.scanHost()).opened;
    const moved = granted(await registry.resolveConflict({ id: squatted?.id ?? '', action: 'REALLOCATE' }));
    expect(moved).toMatchObject({
      conflict: { resolvedAt: expect.any(Date) },
      allocation: { port: 8_002, serviceName: 'web', owner: 'worktree:/wt/a', metadata: { kept: true } },
    });
    expect((await allocate(registry, 'web', { owner: worktree('/wt/a') })).port).toBe(8_002);
    expect((await registry.scanHost()).opened).toMatchObject([{ kind: 'unregistered_listener', port: 8_000 }]);
  });

  it('refuse what does not fit, and what is over', async () => {
    const registry = openRegistry(await engine.open(), { observer: seeing([listener(8_123)]) });
    const [{ id } = { id: '' }] = (await registry.scanHost()).opened;
    expect(await registry.resolveConflict({ id, action: 'RELEASE' })).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('ADOPT or DISMISS'),
    });
    granted(await registry.resolveConflict({ id, action: 'ADOPT' }));
    expect(await registry.resolveConflict({ id, action: 'ADOPT' })).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await registry.resolveConflict({ id: 'no such thing', action: 'ADOPT' })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('several instances', () => {
  it('open one conflict for one cause, however many look at once', async () => {
    const place = await postgresql.create();
    const databases = [await place.open(), await place.open(), await place.open()];
    const observer = seeing([listener(8_123)]);
    const registries = databases.map((database) => openRegistry(database, { observer }));
    await Promise.all(registries.flatMap((registry) => [registry.scanHost(), registry.scanHost()]));
    const [database = expect.fail()] = databases;
    expect(await conflictsIn(database)).toEqual([{ kind: 'unregistered_listener', on: 8_123, isOpen: true }]);
  });

  it('observe their own host each, and leave the others as they are', async () => {
    const place = await postgresql.create();
    const [quay, pier] = [await place.open(), await place.open()];
    const onQuay: SeenListener[] = [listener(8_000, { workingDirectory: '/wt/a' })];
    const here_ = openRegistry(quay, { observer: seeing(onQuay) });
    const there = openRegistry(pier, { hostName: 'pier', observer: seeing([listener(8_000, null)]) });
    await allocate(here_, 'web', { owner: worktree('/wt/a') });
    await allocate(there, 'web', { owner: worktree('/wt/a') });
    await allocate(here_, 'web', { host: 'jetty' });
    await Promise.all([here_.scanHost(), there.scanHost()]);
    const rows = await quay.prisma.portAllocation.findMany({ orderBy: { hostName: 'asc' } });
    expect(rows.map(({ hostName, port, status, liveness }) => [hostName, port, status, liveness])).toEqual([
      ['jetty', 8_000, 'allocated', 'unknown'],
      ['pier', 8_000, 'allocated', 'unknown'],
      [here, 8_000, 'active', 'live'],
    ]);
    onQuay.splice(0);
    await Promise.all([here_.scanHost(), there.scanHost()]);
    expect(await quay.prisma.listener.findMany()).toMatchObject([{ hostName: 'pier', port: 8_000, processId: 0 }]);
    const hosts = await quay.prisma.host.findMany({ where: { scannedAt: { not: null } }, orderBy: { name: 'asc' } });
    expect(hosts.map(({ name }) => name)).toEqual(['pier', here]);
  });

  it('keep others from handing out a port that something listens on at their host', async () => {
    const place = await postgresql.create();
    const [quay, pier] = [await place.open(), await place.open()];
    const clock = stoppedClock();
    const there = openRegistry(pier, { hostName: 'pier', observer: seeing([listener(8_000)]), clock: clock.now });
    const here_ = openRegistry(quay, { clock: clock.now });
    await there.scanHost();
    expect((await allocate(here_, 'web', { host: 'pier' })).port).toBe(8_001);
    const check = await here_.checkPort({ port: asPort(8_000), host: 'pier' });
    expect(check).toMatchObject({ available: false, reasons: ['LISTENING'] });
    // A look that is long ago says nothing of now.
    clock.advance(60_000);
    expect((await allocate(here_, 'api', { host: 'pier' })).port).toBe(8_000);
  });
});
