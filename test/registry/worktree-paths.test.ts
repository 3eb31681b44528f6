import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAbsolutePath } from '../../src/registry/owner-paths.ts';
import { engines } from '../support/databases.ts';
import { canonical } from '../support/paths.ts';
import {
  allocate,
  checkout,
  claim,
  granted,
  handover,
  openRegistry,
  refused,
  registration,
  release,
  removal,
  service,
  stoppedClock,
  worktree,
} from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A directory with a checkout in it, and a link beside it that leads there. */
async function linkedCheckout() {
  const home = await temporaryDirectory();
  const real = join(home, 'repositories', 'shop');
  await mkdir(real, { recursive: true });
  await symlink(join(home, 'repositories'), join(home, 'link'));
  return { home, real: await canonical(real), linked: join(home, 'link', 'shop') };
}

describe.each(engines)('a worktree on $name', (engine) => {
  it('is one, by whatever path it is named', async () => {
    const { real, linked } = await linkedCheckout();
    const registry = openRegistry(await engine.open());
    const registered = granted(await registry.registerWorktree(checkout(`${linked}/`)));
    expect(registered.worktree.path).toBe(real);
    expect(granted(await registry.registerWorktree(checkout(`${real}/../shop`)))).toMatchObject({
      created: false,
      worktree: { id: registered.worktree.id },
    });
    const held = await allocate(registry, 'api', { owner: worktree(linked) });
    expect(held).toMatchObject({ owner: `worktree:${real}`, worktreeId: registered.worktree.id });
    granted(await registry.releasePort(release(held.port, { owner: worktree(real) })));
  });

  it('keeps its name when it is gone from disk', async () => {
    const { real, linked } = await linkedCheckout();
    const registry = openRegistry(await engine.open());
    const held = await allocate(registry, 'web', { owner: worktree(linked) });
    await rm(real, { recursive: true });
    expect(granted(await registry.allocatePort(claim('web', { owner: worktree(linked) })))).toMatchObject({
      created: false,
      allocation: { id: held.id },
    });
    const { released } = granted(await registry.removeWorktree(removal(linked)));
    expect(released.map(({ id }) => id)).toEqual([held.id]);
  });

  it('is known on another host by the path that is said, links or not', async () => {
    const { linked } = await linkedCheckout();
    const registry = openRegistry(await engine.open());
    const registered = granted(await registry.registerWorktree(checkout(linked, { host: 'pier' })));
    expect(registered.worktree).toMatchObject({ hostName: 'pier', path: linked });
  });

  it('gives a service that comes back the port that it held last', async () => {
    const clock = stoppedClock();
    const registry = openRegistry(await engine.open(), { clock: clock.now });
    const owner = worktree('/wt/cart');
    for (const exactPort of [8_005, 8_007]) {
      await allocate(registry, 'web', { owner, exactPort }); // one after the other
      clock.advance(1_000);
      granted(await registry.releasePort(release(exactPort, { owner })));
    }
    const services = [service('web')];
    const { allocations } = granted(await registry.registerWorktree(checkout('/wt/cart', { services })));
    expect(allocations.map(({ port }) => port)).toEqual([8_007]);
  });

  it.runIf(process.platform === 'linux')('is none where the system has its own objects, or a file is', async () => {
    const home = await temporaryDirectory();
    await writeFile(join(home, 'file'), '');
    execFileSync('mkfifo', [join(home, 'pipe')]);
    await symlink('/proc/self', join(home, 'process'));
    const registry = openRegistry(await engine.open());
    const held = await allocate(registry, 'web');
    const places = [
      '/proc/self/cwd',
      '/proc',
      '/sys/kernel',
      '/dev',
      '/dev/null',
      '/src/../dev/fd/3',
      `${home}/process`,
    ];
    for (const path of [...places, `${home}/file`, `${home}/pipe`]) {
      const owner = worktree(path);
      const issues = async (outcome: Promise<unknown>) =>
        refused(await outcome.catch((error: unknown) => error), 'INVALID_INPUT').issues.map((issue) => issue.path);
      const field = ['owner', 'worktreePath'];
      expect(await issues(registry.allocatePort(claim('web', { owner }))), path).toEqual([field]);
      expect(await issues(registry.registerPort(registration(8_100, 'web', { owner })))).toEqual([field]);
      expect(await issues(registry.registerWorktree(checkout(path)))).toEqual([['path']]);
      const transfer = registry.transferPorts(handover([held.port], { to: owner }));
      expect(await issues(transfer)).toEqual([['to', 'worktreePath']]);
      // Only who is to hold ports: others are merely unknown.
      refused(await registry.removeWorktree(removal(path)), 'NOT_FOUND');
      granted(await registry.allocatePort(claim('web', { owner, host: 'pier' })));
    }
    granted(await registry.allocatePort(claim('web', { owner: worktree('/dev/shm/shop') })));
  });

  it('releases what it holds in the transaction that removes it', async () => {
    const database = await engine.open();
    const registry = openRegistry(database);
    const owner = worktree('/wt/cart');
    const ports = [await allocate(registry, 'web', { owner }), await allocate(registry, 'api', { owner })].map(
      ({ port }) => port,
    );
    const other = await allocate(registry, 'web', { owner: worktree('/wt/other') });
    granted(await registry.removeWorktree(removal('/wt/cart')));
    // One statement writes both, and the rows of one transaction bear its number.
    const rows = await database.query<{ written: string }>(
      `SELECT xmin::text AS written FROM wharfinger.port_allocation WHERE released_at IS NOT NULL
       UNION ALL SELECT xmin::text FROM wharfinger.worktree WHERE removed_at IS NOT NULL
       UNION ALL SELECT xmin::text FROM wharfinger.allocation_event WHERE kind = 'released'`,
    );
    expect(rows).toHaveLength(5);
    expect(new Set(rows.map(({ written }) => written)).size).toBe(1);
    const live = await database.query('SELECT port FROM wharfinger.port_allocation WHERE released_at IS NULL');
    expect(live).toEqual([{ port: other.port }]);
    refused(await registry.releasePort(release(ports[0] ?? 0, { owner })), 'NOT_FOUND');
    refused(await registry.removeWorktree(removal('/wt/cart')), 'NOT_FOUND');
  });
});

describe("a worktree's path", () => {
  it.each([
    ['/src/shop', '/src/shop'],
    ['/src/shop/', '/src/shop'],
    ['/src//a/../shop/.', '/src/shop'],
    ['/', '/'],
    ['C:\\src\\shop\\', 'C:\\src\\shop'],
    ['C:/src/a/../shop', 'C:\\src\\shop'],
    ['C:\\', 'C:\\'],
    ['\\\\server\\share\\shop\\', '\\\\server\\share\\shop'],
  ])('of another host is made normal: %s', async (path, expected) => {
    expect(await canonical(path, false)).toBe(expected);
    expect(await canonical(expected, false)).toBe(expected);
  });

  it('is resolved as far as it exists', async () => {
    const { home, real, linked } = await linkedCheckout();
    expect(await canonical(join(linked, 'gone', 'deeper'))).toBe(join(real, 'gone', 'deeper'));
    await symlink(join(home, 'nowhere'), join(home, 'dangling'));
    expect(await canonical(join(linked, '..', '..', 'dangling'))).toBe(join(await canonical(home), 'dangling'));
    expect(await canonical('/no such root/shop')).toBe('/no such root/shop');
  });

  it('is refused where its links lead to one that is too long to be kept', async () => {
    const { home } = await linkedCheckout();
    const deep = join(home, ...Array.from({ length: 6 }, () => 'd'.repeat(200)));
    await mkdir(deep, { recursive: true });
    await symlink(deep, join(home, 'short'));
    await expect(canonical(join(home, 'short'))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it.each([
    ['/src', true],
    ['C:\\src', true],
    ['c:/src', true],
    ['\\\\server\\share', true],
    ['work', false],
    ['./work', false],
    ['C:work', false],
    ['~/work', false],
    ['', false],
  ])('%s is absolute: %s', (path, absolute) => {
    expect(isAbsolutePath(path)).toBe(absolute);
  });
});
