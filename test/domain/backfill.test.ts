import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideBackfill } from '../../src/domain/backfill.ts';
import { backfill, codebases, decide, found, items, later, listeningIn, named, portsOf } from './backfill-scenes.ts';
import { allocation, fromNoon, inWorktree, type Scene, seed, span, worktree } from './seed.ts';

describe('a backfill', () => {
  it('registers a worktree and gives it a port of its own', () => {
    const { outcome, changes } = decide([found('/src/shop', [], { branch: 'main' })]);
    expect(outcome).toMatchObject([
      {
        worktree: { path: '/src/shop', branch: 'main', codebaseId: '1', registeredAt: later },
        allocations: [{ port: 8000, serviceName: 'shop-main', description: 'Development server for main' }],
        created: true,
        explanation: 'It is given port 8000 for "shop-main", since its .env files name no port to take over.',
      },
    ]);
    expect(changes.events).toMatchObject([{ kind: 'allocated', worktreePath: '/src/shop' }]);
  });

  it('takes the lowest free ports whatever the strategy, so that a dry run says what will be done', () => {
    const worktrees = [found('/src/a'), found('/src/b', [named('PORT', 8001)]), found('/src/c'), found('/src/d')];
    const scene = { listening: [8003] };
    const expected = items(worktrees, scene).map(portsOf);
    expect(expected.map(([first]) => first?.[1])).toEqual([8000, 8001, 8002, 8004]);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (drawn) => {
        const random = { ...scene, policy: { strategy: 'random' as const }, random: () => drawn };
        expect(items(worktrees, random).map(portsOf)).toEqual(expected);
      }),
    );
  });

  it('takes over the ports that its files name, for the services that they name', () => {
    const names = [named('PORT', 8005), named('API_PORT', 8003, '.env.local'), named('WEB_SERVER_PORT', 8004)];
    const [item] = items([found('/src/main', names)]);
    expect(item?.allocations).toMatchObject([
      { serviceName: 'shop-main', port: 8005, description: 'Development server for main' },
      { serviceName: 'api', port: 8003, description: null },
      { serviceName: 'web-server', port: 8004, description: null },
    ]);
    expect(item?.explanation).toBe(
      'It takes over port 8005 for "shop-main" from PORT=8005 in .env. It takes over port 8003 for "api" from API_PORT=8003 in .env.local. It takes over port 8004 for "web-server" from WEB_SERVER_PORT=8004 in .env.',
    );
  });

  it('names the service of a detached head after the codebase', () => {
    const [item] = items([found('/src/old', [], { branch: null })]);
    expect(item && portsOf(item)).toEqual([['shop', 8000]]);
  });

  it('gives a port that two name to the first, and each says so', () => {
    const [first, second] = items([found('/src/a', [named('PORT', 8000)]), found('/src/b', [named('PORT', 8000)])]);
    expect(first?.explanation).toBe('It takes over port 8000 for "shop-a" from PORT=8000 in .env.');
    expect(second && portsOf(second)).toEqual([['shop-b', 8001]]);
    expect(second?.explanation).toBe(
      'It is given port 8001 for "shop-b" instead of PORT=8000 in .env. Port 8000 goes to the worktree /src/a. Write PORT=8001 into its .env.',
    );
  });

  it('gives nobody a port, just because it is free, that one further down names', () => {
    const outcome = items([found('/src/a'), found('/src/b', [named('PORT', 8000)]), found('/src/c')]);
    expect(outcome.flatMap(portsOf)).toEqual([
      ['shop-a', 8001],
      ['shop-b', 8000],
      ['shop-c', 8002],
    ]);
  });

  it.each<[string, number, Scene, string]>([
    ['is out of range', 3000, {}, 'it lies outside the dev range 8000-8009.'],
    ['is reserved', 8005, { policy: { reserved: new Set([8005]) } }, 'it is reserved (RESERVED_PORTS).'],
    ["is another codebase's", 8007, {}, 'another codebase configures it for one of its services.'],
    [
      'is held',
      8005,
      { allocations: [allocation(8005, { owner: inWorktree('/src/other') })], worktrees: [worktree('/src/other')] },
      'Port 8005 on quay is held by the dev service "web" of worktree /src/other since 2026-03-01T12:00:00.000Z.',
    ],
    [
      'was released a moment ago',
      8005,
      { allocations: [allocation(8005, { owner: inWorktree('/src/other'), releasedAt: later })] },
      'another owner released it a moment ago and may come back.',
    ],
    [
      'is listened on by a stranger',
      8005,
      listeningIn(8005, '/src/elsewhere'),
      'node (process 4711) in /src/elsewhere listens on it right now.',
    ],
    ['is listened on by who knows whom', 8005, { listening: [8005] }, 'something listens on it right now.'],
  ])('gives another port where the one that is named %s, and says why', (_what, port, scene, because) => {
    const [item] = items([found('/src/a', [named('PORT', port)])], scene);
    expect(item && portsOf(item)).toEqual([['shop-a', 8000]]);
    expect(item?.explanation).toContain(`It is given port 8000 for "shop-a" instead of PORT=${port} in .env. `);
    expect(item?.explanation).toContain(because);
    expect(item?.explanation).toMatch(/\. Write PORT=8000 into its \.env\.$/);
  });

  it("takes over a port that the worktree's own server listens on", () => {
    const [item] = items([found('/src/a', [named('PORT', 8005)])], listeningIn(8005, '/src/a/packages/web'));
    expect(item && portsOf(item)).toEqual([['shop-a', 8005]]);
  });

  it('does not take a server of a worktree inside another one for that of the outer one', () => {
    const copied = [named('PORT', 8005)];
    const outcome = items(
      [found('/src/shop', copied), found('/src/shop/.trees/cart', copied)],
      listeningIn(8005, '/src/shop/.trees/cart'),
    );
    expect(outcome.flatMap(portsOf)).toEqual([
      ['shop-shop', 8000],
      ['shop-cart', 8005],
    ]);
    expect(outcome[0]?.explanation).toContain('Port 8005 goes to the worktree /src/shop/.trees/cart.');
  });

  it('leaves ports of other programs alone, and says so', () => {
    const [item] = items([found('/src/a', [named('DB_PORT', 5432), named('REDIS_PORT', 6379, '.env.local')])]);
    expect(item && portsOf(item)).toEqual([['shop-a', 8000]]);
    expect(item?.explanation).toBe(
      'It is given port 8000 for "shop-a", since its .env files name no port to take over. DB_PORT=5432 in .env is left alone: it lies outside the dev range 8000-8009. REDIS_PORT=6379 in .env.local is left alone: it lies outside the dev range 8000-8009.',
    );
  });

  it('asks for every port to be probed at once, and changes nothing until then', () => {
    const { ledger, ...rest } = seed({ codebases, unprobed: [8000, 8001, 8005] });
    const worktrees = [found('/src/a'), found('/src/b', [named('PORT', 8005)]), found('/src/c')];
    expect(decideBackfill(backfill(...worktrees), { ledger, ...rest })).toEqual({ unprobed: [8000, 8005, 8001] });
    expect(ledger.changes()).toMatchObject({ worktrees: [], allocations: [], events: [] });
  });

  it('is refused whole where the range is too small, and leaves nothing behind', () => {
    const policy = { ranges: { dev: span(8000, 8001), test: span(7000, 7000), production: span(9000, 9000) } };
    const { outcome, changes } = decide([found('/src/a'), found('/src/b'), found('/src/c')], { policy });
    expect(outcome).toMatchObject({ code: 'RANGE_EXHAUSTED' });
    expect(changes).toMatchObject({ worktrees: [], allocations: [], events: [] });
  });

  it('is refused for a codebase that is not registered', () => {
    expect(decide([found('/src/a')], { codebases: [] }).outcome).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a backfill of a worktree that is registered', () => {
  const path = '/src/a';
  const known = worktree(path, { branch: 'a', codebaseId: '1', conversationId: 'issue 1' });
  const held = allocation(8003, { owner: inWorktree(path, { codebaseId: '1' }), serviceName: 'web' });

  it('leaves it as it is where it holds a port', () => {
    const { outcome, changes } = decide([found(path, [named('PORT', 8005)])], {
      worktrees: [known],
      allocations: [held],
    });
    const explanation = 'It keeps port 8003 for "web", which it holds already.';
    expect(outcome).toEqual([{ worktree: known, allocations: [held], created: false, explanation }]);
    expect(changes).toMatchObject({ worktrees: [], allocations: [], events: [] });
  });

  it('gives it a port where it holds one for tests only, in the conversation that it was registered with', () => {
    const test = allocation(7000, { owner: inWorktree(path), environment: 'test' });
    const { outcome, changes } = decide([found(path)], { worktrees: [known], allocations: [test] });
    expect(outcome).toMatchObject([{ created: true, allocations: [{ port: 8000, conversationId: 'issue 1' }] }]);
    expect(changes.events).toMatchObject([
      { kind: 'allocated', allocation: { port: 8000, conversationId: 'issue 1' } },
      { kind: 'transferred', allocation: { port: 7000, codebaseId: '1' } },
    ]);
  });

  it('gives it a port in the conversation that the caller names', () => {
    const [item] = items([found(path, [], { conversationId: 'issue 2' })], { worktrees: [known] });
    expect(item).toMatchObject({
      worktree: { conversationId: 'issue 2' },
      allocations: [{ conversationId: 'issue 2' }],
    });
  });

  it('adds it to the codebase where it was in none, with what it holds', () => {
    const scene = {
      worktrees: [worktree(path, { branch: 'a' })],
      allocations: [allocation(8003, { owner: inWorktree(path) })],
    };
    const { outcome, changes } = decide([found(path)], scene);
    expect(outcome).toMatchObject([
      {
        worktree: { codebaseId: '1' },
        allocations: [{ port: 8003, codebaseId: '1' }],
        explanation: 'It keeps port 8003 for "web", which it holds already. It belongs to the codebase 1 from now on.',
      },
    ]);
    expect(changes.events.map(({ kind }) => kind)).toEqual(['transferred']);
  });

  it('leaves it to the codebase that it was registered with', () => {
    const [item] = items([found(path)], { worktrees: [{ ...known, codebaseId: '2' }] });
    expect(item).toMatchObject({
      worktree: { codebaseId: '2' },
      allocations: [{ codebaseId: '2', serviceName: 'bank-a' }],
    });
    expect(item?.explanation).toMatch(/It stays with the codebase 2, under which it is registered\.$/);
  });

  it('begins anew where it was removed', () => {
    const removed = { ...known, removedAt: fromNoon(1) };
    const [item] = items([found(path)], { worktrees: [removed] });
    expect(item).toMatchObject({
      created: true,
      worktree: { id: known.id, conversationId: null, registeredAt: later },
    });
  });
});
