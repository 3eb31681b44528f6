import { describe, expect, it } from 'vitest';
import { decideImport } from '../../src/domain/import.ts';
import { nobody } from '../../src/domain/owner.ts';
import { claim, imported, kept, released } from './import-scenes.ts';
import {
  allocation,
  codebase,
  fromNoon,
  inConversation,
  inWorktree,
  ofCodebase,
  quay,
  seed,
  worktree,
} from './seed.ts';

describe('an imported claim', () => {
  it('is registered for the environment that it says, else that of its range, else production', () => {
    const { rows, changes } = imported(
      {},
      claim(8000),
      claim(7000),
      claim(9000),
      claim(443),
      claim(80, { environment: 'dev' }),
    );
    expect(rows.map(({ outcome, allocation }) => [outcome, allocation?.environment])).toEqual([
      ['CREATED', 'dev'],
      ['CREATED', 'test'],
      ['CREATED', 'production'],
      ['CREATED', 'production'],
      ['CREATED', 'dev'],
    ]);
    expect(changes.events.map(({ kind }) => kind)).toEqual(Array(5).fill('registered'));
    expect(rows[0]?.message).toBe('Port 8000 on quay is registered for the dev service "web" of no owner.');
  });

  it('that says no environment is for the one that is given, whose range its port must lie in', () => {
    const surroundings = seed({ allocations: [allocation(8001)] });
    const rows = [claim(9000), claim(443), claim(80, { environment: 'dev' }), claim(8000), claim(7000), claim(8001)];
    const report = decideImport({ rows, environment: 'production' }, surroundings);
    expect(report.rows.map(({ outcome, allocation: made }) => [outcome, made?.environment])).toEqual([
      ['CREATED', 'production'],
      ['CREATED', 'production'],
      ['CREATED', 'dev'],
      ['INVALID', undefined],
      ['INVALID', undefined],
      ['CONFLICT', undefined],
    ]);
    expect(report.rows[3]?.message).toContain('lies in the dev range, and the row is for production: register it');
  });

  it.each([
    ['the worktree', inWorktree('/shop'), {}],
    ['nobody, for any owner', inWorktree('/shop'), { owner: nobody }],
    ['the codebase of the worktree', inWorktree('/shop', { codebaseId: 'shop' }), { owner: ofCodebase('shop') }],
    ['the conversation', inConversation('c1'), { owner: inConversation('c1') }],
    ['another description', inWorktree('/shop'), { description: 'else', metadata: { a: 1 }, publicHostnames: ['x'] }],
    ['the environment too', inWorktree('/shop'), { environment: 'dev' as const }],
  ])('is unchanged where its service holds the port, said with %s', (_what, owner, facts) => {
    const scene = {
      codebases: [codebase('shop')],
      worktrees: [worktree('/shop', { codebaseId: owner.codebaseId })],
      allocations: [allocation(8000, { owner, description: 'the web' })],
    };
    const { rows, changes } = imported(scene, claim(8000, { owner, ...facts }));
    expect(rows).toMatchObject([{ outcome: 'UNCHANGED', holder: null, allocation: { description: 'the web' } }]);
    expect(changes).toMatchObject({ allocations: [], worktrees: [], events: [] });
  });

  it.each([
    ['service', { serviceName: 'api' }],
    ['environment', { environment: 'production' as const }],
    ['worktree', { owner: inWorktree('/till') }],
    ['codebase', { owner: ofCodebase('till') }],
    ['conversation', { owner: inConversation('c2') }],
  ])('is a conflict with the holder where it says another %s', (_what, facts) => {
    const scene = { worktrees: [worktree('/shop')], allocations: [allocation(8000, { owner: inWorktree('/shop') })] };
    const { rows, changes } = imported(scene, claim(8000, facts));
    expect(rows).toMatchObject([
      { outcome: 'CONFLICT', allocation: null, holder: { port: 8000 }, worktree: { path: '/shop' } },
    ]);
    expect(rows[0]?.message).toMatch(
      /^Port 8000 on quay is held by the dev service "web" of worktree \/shop since .*, and the row is about the /,
    );
    expect(changes.events).toEqual([]);
  });

  it.each([
    [
      'in the range of another environment',
      { environment: 'test' as const },
      /lies in the dev range, and the row is for test: register it by itself with force \(registerPort, /,
    ],
    ['of a codebase that is not registered', { owner: ofCodebase('gone') }, /No codebase has the id gone/],
    [
      'of a worktree of another codebase',
      { owner: inWorktree('/shop', { codebaseId: 'till' }) },
      /belongs to the codebase shop/,
    ],
  ])('is invalid %s', (_what, facts, message) => {
    const scene = {
      codebases: [codebase('shop'), codebase('till')],
      worktrees: [worktree('/shop', { codebaseId: 'shop' })],
    };
    const { rows, changes } = imported(scene, claim(8000, facts));
    expect(rows).toMatchObject([
      { outcome: 'INVALID', allocation: null, holder: null, message: expect.stringMatching(message) },
    ]);
    expect(changes.worktrees).toEqual([]);
  });

  it('that can do without a codebase that is not registered does, now and when it is repeated', () => {
    const here = inWorktree('/shop', { codebaseId: 'gone' });
    const file = [
      claim(8000, { owner: here, canLackCodebase: true }),
      claim(8001, { owner: ofCodebase('gone'), canLackCodebase: true }),
      claim(8002, { owner: ofCodebase('shop'), canLackCodebase: true }),
    ];
    const { rows, changes } = imported({ codebases: [codebase('shop')] }, ...file, ...file);
    expect(rows.map(({ outcome, allocation: made }) => [outcome, made?.codebaseId, made?.owner])).toEqual([
      ['CREATED', null, rows[0]?.allocation?.owner],
      ['CREATED', null, 'nobody'],
      ['CREATED', 'shop', 'codebase:shop'],
      ['UNCHANGED', null, rows[0]?.allocation?.owner],
      ['UNCHANGED', null, 'nobody'],
      ['UNCHANGED', 'shop', 'codebase:shop'],
    ]);
    expect(changes.worktrees).toMatchObject([{ path: '/shop', codebaseId: null }]);
    expect(rows[1]?.message).toBe(
      'Port 8001 on quay is registered for the dev service "web" of no owner. No codebase has the id gone: it is left out.',
    );
    expect(rows[2]?.message).not.toContain('left out');
  });

  it('that comes twice in a file is created once, and is a conflict where the second one is another', () => {
    const { outcomes, rows } = imported({}, claim(8000), claim(8000), claim(8000, { serviceName: 'api' }));
    expect(outcomes).toEqual(['CREATED', 'UNCHANGED', 'CONFLICT']);
    expect(rows[2]?.holder).toBe(rows[0]?.allocation);
  });

  it('registers its worktree, and two claims register it once', () => {
    const owner = inWorktree('/shop');
    const { changes, rows } = imported({}, claim(8000, { owner }), claim(8001, { owner, serviceName: 'api' }));
    expect(changes.worktrees).toMatchObject([{ path: '/shop' }]);
    expect(rows.map((row) => row.worktree?.path)).toEqual(['/shop', '/shop']);
  });

  it('with what a registry knew keeps it, its id and its place in a range that was another', () => {
    const { rows } = imported({}, claim(8000, { environment: 'test', kept }));
    expect(rows[0]?.allocation).toMatchObject({ ...kept, environment: 'test', liveness: 'unknown', misses: 0 });
  });

  it('gets an id of its own where another allocation has it', () => {
    const { rows } = imported({}, claim(8000, { kept }), claim(8001, { kept }));
    expect(rows.map((row) => row.allocation?.id)).toEqual(['a1', 'new 2']);
  });
});

describe('an imported piece of history', () => {
  it('is kept, and its service gets the same port again', () => {
    const { rows, changes } = imported({}, claim(8000, { kept: released }), claim(8000, { kept }));
    expect(rows.map(({ outcome, allocation: made }) => [outcome, made?.status])).toEqual([
      ['CREATED', 'released'],
      ['CREATED', 'active'],
    ]);
    expect(changes.events.map(({ kind }) => kind)).toEqual(['released', 'registered']);
  });

  it('is unchanged where the registry has it', () => {
    const scene = { allocations: [allocation(8000, { id: 'a2', releasedAt: fromNoon(-5) })] };
    expect(imported(scene, claim(8000, { kept: released }))).toMatchObject({ unchanged: 1, changes: { events: [] } });
  });

  it('is a conflict on a port that is held, which stays held', () => {
    const scene = { allocations: [allocation(8000)] };
    const surroundings = seed(scene);
    const rows = [claim(8000, { kept: released })];
    expect(decideImport({ rows, environment: null }, surroundings)).toMatchObject({ conflicting: 1 });
    expect(surroundings.ledger.occupancy(quay).isHeld(8000)).toBe(true);
  });

  it('is invalid without its worktree', () => {
    const row = claim(8000, { kept: released, owner: inWorktree('/gone') });
    expect(imported({}, row).rows).toMatchObject([{ outcome: 'INVALID', message: expect.stringContaining('/gone') }]);
  });
});
