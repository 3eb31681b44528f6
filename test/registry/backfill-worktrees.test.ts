import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createObserver } from '../../src/observer/observer.ts';
import { probePort } from '../../src/observer/probe.ts';
import type { BackfillReport } from '../../src/registry/backfill-worktrees.ts';
import { embedded, engines } from '../support/databases.ts';
import { startDevServer } from '../support/dev-server.ts';
import { dump } from '../support/dump.ts';
import { freeSpace } from '../support/free-space.ts';
import { createRepository } from '../support/git-repository.ts';
import { allocate, checkout, granted, policy, refused, span, worktree } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { ask, backfill, env, heldBy, openHarbour } from './backfill-harbour.ts';

/** Without the ids, which a dry run makes up. */
const withoutIds = (report: BackfillReport) => ({
  skipped: report.skipped,
  items: report.items.map(({ worktree, allocations, ...rest }) => ({
    ...rest,
    worktree: { ...worktree, id: '' },
    allocations: allocations.map((each) => ({ ...each, id: '', worktreeId: each.worktreeId === worktree.id })),
  })),
});

describe.each(engines)('a backfill on $name', (engine) => {
  it('of twelve worktrees does what its dry run says, and nothing when repeated', async () => {
    const { database, registry, git, events } = await openHarbour(engine);
    const added = new Map<string, string | null>();
    for (const branch of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'feature/cart', 'größe']) {
      added.set(await git.add(`shop ${branch.replace('/', ' ')}`, { branch }), branch); // git locks the repository
    }
    for (const name of ['old', 'older']) added.set(await git.add(name), null);
    const others = [...added.keys()].sort(); // as git does
    const [first = '', second = '', third = ''] = others.slice(2);
    await env(first, 'PORT=8004\nDATABASE_URL=postgres://secret@db/x\n');
    await env(second, 'PORT=8004\n', '.env.local');
    await env(third, 'PORT=8007\nAPI_PORT=8008\nDB_PORT=5432\n', '.env.development');

    const before = await dump(database);
    const dry = await backfill(registry, { dryRun: true });
    expect(await dump(database)).toEqual(before);
    const real = await backfill(registry);
    expect([dry.dryRun, real.dryRun]).toEqual([true, false]);
    expect(withoutIds(real)).toEqual(withoutIds(dry));
    expect(real.items.map(({ worktree }) => worktree.path)).toEqual([git.path, ...others]);
    expect(real.items.map(({ worktree }) => worktree.branch)).toEqual([
      'main',
      ...others.map((path) => added.get(path)),
    ]);
    expect(real.items.map(({ allocations }) => allocations.map(({ port }) => port))).toEqual([
      ...[[8_000], [8_001], [8_002], [8_004], [8_003], [8_007, 8_008]],
      ...[[8_005], [8_006], [8_009], [8_010], [8_011], [8_012]],
    ]);
    expect(real.items[4]?.explanation).toContain(`Port 8004 goes to the worktree ${first}.`);
    expect(JSON.stringify([dry, real, await dump(database)])).not.toMatch(/secret|DATABASE_URL/);

    const after = await dump(database);
    expect(await events()).toHaveLength(13);
    const again = await backfill(registry);
    expect(await dump(database)).toEqual(after);
    expect(again.items.map(({ created }) => created)).toEqual(Array(12).fill(false));
    expect(heldBy(again)).toEqual(heldBy(real));
    expect(withoutIds(await backfill(registry, { dryRun: true }))).toEqual(withoutIds(again));
  });

  it('passes over what is bare, gone or locked away, and says so', async () => {
    const { registry, git } = await openHarbour(engine, { repository: await createRepository({ isBare: true }) });
    const [there, gone, away, kept] = [
      await git.add('there', { branch: 'a' }),
      await git.add('gone', { branch: 'b' }),
      await git.add('away', { branch: 'c' }),
      await git.add('kept', { branch: 'd' }),
    ];
    await git.git('worktree', 'lock', '--reason', 'on a\nstick', away);
    await git.git('worktree', 'lock', kept);
    await rm(gone, { recursive: true });
    await rm(away, { recursive: true });
    for (const dryRun of [true, false]) {
      const report = await backfill(registry, { dryRun });
      expect(report.items.map(({ worktree }) => worktree.path).sort()).toEqual([kept, there]);
      expect(report.skipped.map(({ path }) => path).sort()).toEqual([away, gone, git.path].sort());
      const why = Object.fromEntries(report.skipped.map(({ path, explanation }) => [path, explanation]));
      expect(why[git.path]).toMatch(/bare repository/);
      expect(why[gone]).toMatch(/`git worktree prune`/);
      expect(why[away]).toMatch(/locked \(on a stick\): it may be on a volume/);
    }
  });

  it('passes over a branch whose name cannot be printed', async () => {
    const { registry, git } = await openHarbour(engine);
    const path = await git.add('gpj', { branch: 'feature/\u202Egpj' });
    const { items, skipped } = await backfill(registry);
    expect(items.map(({ worktree }) => worktree.path)).toEqual([git.path]);
    expect(skipped).toEqual([{ path, explanation: expect.stringContaining('U+202E') }]);
  });

  it('says in each event in which conversation', async () => {
    const { registry, git, events } = await openHarbour(engine);
    const [cart, search] = [await git.add('cart', { branch: 'cart' }), await git.add('search', { branch: 'search' })];
    granted(await registry.registerWorktree(checkout(search, { conversationId: 'issue 2', services: [] })));
    const home = await temporaryDirectory();
    await symlink(cart, join(home, 'link'));
    const conversations = [
      { path: join(home, 'link/'), conversationId: 'issue 1' },
      { path: join(home, 'nowhere'), conversationId: 'issue 3' },
    ];
    const report = await backfill(registry, { conversations });
    expect(report.items.map(({ worktree }) => [worktree.path, worktree.conversationId])).toEqual([
      [git.path, null],
      [cart, 'issue 1'],
      [search, 'issue 2'],
    ]);
    const told = (await events()).map(({ worktreePath, allocation }) => [worktreePath, allocation.conversationId]);
    expect(told).toEqual([
      [git.path, null],
      [cart, 'issue 1'],
      [search, 'issue 2'],
    ]);
  });

  it('is refused whole where the range is too small', async () => {
    const ranges = { ...policy().ranges, dev: span(8_000, 8_001) };
    const { database, registry, git } = await openHarbour(engine, { policy: policy({ ranges }) });
    await git.add('a');
    await git.add('b');
    const before = await dump(database);
    refused(await ask(registry, { dryRun: true }), 'RANGE_EXHAUSTED');
    refused(await ask(registry), 'RANGE_EXHAUSTED');
    expect(await dump(database)).toEqual(before);
  });
});

describe.runIf(process.platform === 'linux').each(engines)('a backfill of what really runs, on $name', (engine) => {
  it("takes over a port of the worktree's own server, and none of a stranger's", async () => {
    const dev = await freeSpace();
    const ranges = { ...policy().ranges, dev };
    const { registry, git } = await openHarbour(engine, {
      policy: policy({ ranges }),
      probePort,
      observer: createObserver(),
    });
    const inner = await git.add('shop/.trees/inner', { branch: 'inner' });
    const [own, strange, copied] = [dev.start + 3, dev.start + 4, dev.start + 5];
    await env(git.path, `PORT=${own}\nAPI_PORT=${strange}\nWEB_PORT=${copied}\n`);
    await env(inner, `PORT=${copied}\n`);
    await startDevServer({ cwd: git.path, port: own });
    const stranger = await startDevServer({ cwd: await temporaryDirectory(), port: strange });
    await startDevServer({ cwd: inner, port: copied });
    for (const dryRun of [true, false]) {
      const report = await backfill(registry, { dryRun });
      expect(heldBy(report)).toEqual([
        [git.path, [own, dev.start, dev.start + 1]],
        [inner, [copied]],
      ]);
      expect(report.items[0]?.explanation).toContain(`(process ${stranger.pid})`);
    }
    const { activated } = await registry.scanHost();
    expect(activated.map(({ port }) => port).sort()).toEqual([own, copied]);
  });
});

describe('a backfill beside other owners', () => {
  it("leaves a worktree's port with it, whoever else names it", async () => {
    const { registry, git } = await openHarbour(embedded);
    const [cart, search] = [await git.add('cart', { branch: 'cart' }), await git.add('search', { branch: 'search' })];
    await allocate(registry, 'web', { owner: worktree(search), exactPort: 8_005 });
    await env(cart, 'PORT=8005');
    const { items } = await backfill(registry);
    expect(items[1]?.explanation).toMatch(
      /Port 8005 on quay is held by the dev service "web" of worktree .*search since/,
    );
    expect(items[2]).toMatchObject({
      created: false,
      worktree: { codebaseId: 'shop' },
      allocations: [{ port: 8_005 }],
    });
  });

  it('gives what others allocate at the same time ports of their own', async () => {
    const { registry, git } = await openHarbour(embedded);
    for (const name of ['a', 'b', 'c']) await git.add(name); // git locks the repository
    const [report, ...others] = await Promise.all([
      backfill(registry),
      ...['x', 'y', 'z'].map((name) => allocate(registry, name)),
    ]);
    const ports = [...report.items.flatMap(({ allocations }) => allocations), ...others].map(({ port }) => port);
    expect(new Set(ports).size).toBe(7);
  });
});
