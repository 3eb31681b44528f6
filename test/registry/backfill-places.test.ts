import { rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { granted, refused, repository as registration } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { ask, backfill, heldBy, openHarbour } from './backfill-harbour.ts';

describe('a backfill', () => {
  it('is refused for a codebase that is not registered', async () => {
    const { registry } = await openHarbour(embedded);
    expect(refused(await ask(registry, { codebaseId: 'bank' }), 'NOT_FOUND').message).toMatch(/registerCodebase/);
  });

  it.each([
    ['names no directory', async () => null, /names no directory: register it again/],
    ["names a directory of another system's", async () => 'C:\\src\\shop', /none of this host's: register it again/],
    ['names a directory that does not exist', async () => '/src/no such shop', /cannot be entered on this host/],
    ['names a directory without a repository', temporaryDirectory, /no git repository/],
  ])('is refused for a codebase that %s', async (_what, place, words) => {
    const { registry } = await openHarbour(embedded);
    granted(await registry.registerCodebase(registration('bank', { id: 'bank', defaultCwd: await place() })));
    const { issues } = refused(await ask(registry, { codebaseId: 'bank' }), 'INVALID_INPUT');
    expect(issues).toEqual([{ path: ['codebaseId'], message: expect.stringMatching(words) }]);
  });

  it('finds all worktrees from any of them, each under its real path', async () => {
    const { registry, git } = await openHarbour(embedded);
    const cart = await git.add('cart', { branch: 'cart' });
    const home = await temporaryDirectory();
    await symlink(cart, join(home, 'link'));
    granted(await registry.registerCodebase(registration('shop', { id: 'shop', defaultCwd: join(home, 'link') })));
    expect(heldBy(await backfill(registry))).toEqual([
      [git.path, [8_000]],
      [cart, [8_001]],
    ]);
  });

  it('passes over paths that cannot be kept, and those that are no checkouts', async () => {
    const { registry, git } = await openHarbour(embedded);
    const two = await git.add('two\nlines', { branch: 'two' });
    const long = await git.add(`${'d'.repeat(200)}/`.repeat(6), { branch: 'long' });
    await rename(join(git.path, '.git'), join(git.path, '..', 'elsewhere.git'));
    granted(
      await registry.registerCodebase(
        registration('shop', { id: 'shop', defaultCwd: join(git.path, '..', 'elsewhere.git') }),
      ),
    );
    const { items, skipped } = await backfill(registry);
    expect(items).toEqual([]);
    const why = new Map(skipped.map(({ path, explanation }) => [path, explanation]));
    expect(why.get(two.replace('\n', ' '))).toMatch(/control characters/);
    expect(why.get(long.slice(0, -1).slice(0, 1_024))).toMatch(/1024 bytes/);
    expect(skipped).toHaveLength(3);
  });
});
