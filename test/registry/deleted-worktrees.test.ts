import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createObserver } from '../../src/observer/observer.ts';
import { probePort } from '../../src/observer/probe.ts';
import { engines } from '../support/databases.ts';
import { startDevServer } from '../support/dev-server.ts';
import { freeSpace } from '../support/free-space.ts';
import { createRepository } from '../support/git-repository.ts';
import { allocate, openRegistry, policy, worktree } from '../support/registry.ts';

/** A registry that really looks at this machine, and a real worktree that holds a port. */
async function openHarbour(engine: (typeof engines)[number]) {
  const ranges = { ...policy().ranges, dev: await freeSpace() };
  const registry = openRegistry(await engine.open(), {
    policy: policy({ ranges }),
    probePort,
    observer: createObserver(),
  });
  const repository = await createRepository();
  const path = await repository.add('cart', { branch: 'feature/cart' });
  const { port } = await allocate(registry, 'web', { owner: worktree(path) });
  await allocate(registry, 'web', { owner: worktree(repository.path) });
  await registry.scanHost();
  const clean = async () => {
    const { released, kept } = await registry.cleanupPorts({ host: null, dryRun: false });
    const reasons = (items: typeof kept) => items.map((each) => [each.allocation.port, each.reason]);
    return { released: reasons(released), kept: kept.find((each) => each.allocation.port === port)?.reason };
  };
  return { registry, repository, path, port, clean };
}

describe.each(engines)('a worktree that is deleted, on $name', (engine) => {
  it('by git loses its ports after as many scans as configured, and the repository keeps its own', async () => {
    const { registry, repository, path, port, clean } = await openHarbour(engine);
    await repository.git('worktree', 'remove', path);
    for (const misses of [0, 1, 2]) {
      expect(await clean(), `after ${misses} misses`).toEqual({ released: [], kept: 'RECENTLY_SEEN' }); // each by itself
      await registry.scanHost();
    }
    expect(await clean()).toEqual({ released: [[port, 'ORPHANED_WORKTREE']], kept: undefined });
  });

  it('keeps its ports while its server still runs, and loses them once that stops', async () => {
    const { registry, path, port, clean } = await openHarbour(engine);
    const server = await startDevServer({ cwd: path, port });
    await registry.scanHost();
    await rm(path, { recursive: true });
    for (let scans = 0; scans < 5; scans += 1) await registry.scanHost(); // one look after the other
    expect(await clean()).toEqual({ released: [], kept: 'STILL_LISTENING' });

    await server.stop();
    await registry.scanHost();
    expect(await clean()).toEqual({ released: [[port, 'ORPHANED_WORKTREE']], kept: undefined });
  });
});
