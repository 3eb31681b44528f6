import { describe, expect, it } from 'vitest';
import { decideAllocation } from '../../src/domain/allocate.ts';
import type { Surroundings } from '../../src/domain/choose.ts';
import { asPort } from '../../src/domain/port.ts';
import { InvalidInput, NotFound, RangeExhausted } from '../../src/domain/refusals.ts';
import {
  allocation,
  codebase,
  fromNoon,
  granted,
  inWorktree,
  noon,
  outcomeOf,
  ports,
  quay,
  request,
  type Scene,
  seed,
  service,
  worktree,
} from './seed.ts';

const shop = inWorktree('/shop', { codebaseId: 'shop' });
const bank = inWorktree('/bank');
const codebases = [codebase('shop', { servicePorts: { web: asPort(8007) } })];
const former = allocation(8003, { owner: shop, releasedAt: fromNoon(-1) });

const refusal = (surroundings: Surroundings, ...asked: Parameters<typeof request>) =>
  outcomeOf(decideAllocation(request(...asked), surroundings));

describe('the order of choice', () => {
  const everything: Scene = { codebases, allocations: [former] };
  it.each([
    ['the exact port first', everything, { exact: 8005 }, 8005],
    ['the preferred port first', everything, { preferred: 8005 }, 8005],
    ['the configured port then', everything, {}, 8007],
    [
      'the configured port where the preferred one cannot be had',
      { ...everything, listening: [8005] },
      { preferred: 8005 },
      8007,
    ],
    ['the former port then', { ...everything, listening: [8007] }, {}, 8003],
    ['the former port where nothing is configured', { codebases: [codebase('shop')], allocations: [former] }, {}, 8003],
    ['the lowest free port at last', { ...everything, listening: [8007, 8003] }, {}, 8000],
    [
      'the lowest free port where the configured one is outside the range',
      { codebases: [codebase('shop', { servicePorts: { web: asPort(7001) } })] },
      {},
      8000,
    ],
    [
      'the lowest free port where the configured one is reserved',
      { codebases, policy: { reserved: new Set([8007]) } },
      {},
      8000,
    ],
    ['a preferred port that is out of range never', { codebases: [codebase('shop')] }, { preferred: 7001 }, 8000],
  ])('is %s', (_what, scene, wish, expected) => {
    expect(granted(seed(scene), request([service('web', wish)], { owner: shop }))).toEqual([expected]);
  });

  it('is by the random strategy any free port, after the same favourites', () => {
    const scene: Scene = { codebases, policy: { strategy: 'random' }, random: () => 0.45 };
    expect(granted(seed(scene), request([service('web')], { owner: shop }))).toEqual([8007]);
    expect(granted(seed(scene), request([service('api')], { owner: shop }))).toEqual([8004]);
  });
});

describe('the branch of an owner', () => {
  it.each([
    ['recorded where the worktree is not registered yet', [], 'cart', 'cart'],
    ['recorded where it has changed', [worktree('/bank', { branch: 'main' })], 'cart', 'cart'],
    ['left as it was where it is not said', [worktree('/bank', { branch: 'main' })], null, 'main'],
  ])('is %s', (_what, worktrees, worktreeBranch, expected) => {
    const surroundings = seed({ worktrees });
    granted(surroundings, request([service('web')], { owner: { ...bank, worktreeBranch } }));
    expect(surroundings.ledger.worktreeAt(quay, '/bank')?.branch).toBe(expected);
  });
});

describe('allocating', () => {
  it('records everything that was said', () => {
    const surroundings = seed({ codebases });
    const metadata = { theme: { dark: true } };
    const said = { ...service('web'), description: 'The shop', metadata, publicHostnames: ['shop.example'] };
    const owner = { ...shop, conversationId: 'issue 1' };
    const [grant] = outcomeOf(decideAllocation(request([said], { owner }), surroundings)) as never[];
    expect(grant).toEqual({
      created: true,
      allocation: {
        ...allocation(8007, { owner }),
        id: 'new 1',
        worktreeId: 'new 2',
        description: 'The shop',
        metadata,
        publicHostnames: ['shop.example'],
      },
    });
    expect(surroundings.ledger.changes()).toMatchObject({
      worktrees: [{ id: 'new 2', path: '/shop', codebaseId: 'shop', conversationId: 'issue 1', registeredAt: noon }],
      events: [{ kind: 'allocated', cause: null, worktreePath: '/shop', occurredAt: noon, allocation: { port: 8007 } }],
    });
  });

  it('takes the codebase of a registered worktree', () => {
    const worktrees = [worktree('/shop', { codebaseId: 'shop' })];
    const surroundings = seed({ codebases, worktrees });
    expect(granted(surroundings, request([service('web')], { owner: inWorktree('/shop') }))).toEqual([8007]);
    expect(surroundings.ledger.changes().allocations).toMatchObject([
      { codebaseId: 'shop', worktreeId: 'worktree at /shop' },
    ]);
    expect(surroundings.ledger.changes().worktrees).toEqual([]);
  });

  it('registers a removed worktree anew, without the codebase and the branch that it had', () => {
    const removed = worktree('/shop', {
      codebaseId: 'shop',
      branch: 'old',
      removedAt: fromNoon(-1),
      missingSince: fromNoon(-2),
    });
    const surroundings = seed({ codebases, worktrees: [removed], now: fromNoon(10) });
    granted(surroundings, request([service('web')], { owner: inWorktree('/shop') }));
    expect(surroundings.ledger.changes().worktrees).toEqual([worktree('/shop', { registeredAt: fromNoon(10) })]);
  });

  it.each([
    ['the same service again', 'web', {}, { created: false, port: 8005 }],
    ['the exact port that it holds', 'web', { exact: 8005 }, { created: false, port: 8005 }],
    ['another preferred port', 'web', { preferred: 8001 }, { created: false, port: 8005 }],
    ['another service', 'api', {}, { created: true, port: 8000 }],
  ])('answers %s: %s %j', (_what, name, wish, expected) => {
    const held = allocation(8005, { owner: bank });
    const surroundings = seed({ allocations: [held], worktrees: [worktree('/bank')], listening: [8005] });
    const outcome = outcomeOf(decideAllocation(request([service(name, wish)], { owner: bank }), surroundings));
    expect(outcome).toMatchObject([{ created: expected.created, allocation: { port: expected.port } }]);
    expect(surroundings.ledger.changes().events).toHaveLength(expected.created ? 1 : 0);
  });

  it('gives the oldest port back where a service holds several, or the exact one', () => {
    const owner = bank;
    const allocations = [
      allocation(8001, { owner, allocatedAt: fromNoon(-1) }),
      allocation(8004, { owner, allocatedAt: fromNoon(-9) }),
      allocation(8002, { owner, allocatedAt: fromNoon(-5) }),
    ];
    const surroundings = seed({ allocations, worktrees: [worktree('/bank')] });
    expect(granted(surroundings, request([service('web')], { owner }))).toEqual([8004]);
    expect(granted(surroundings, request([service('web', { exact: 8002 })], { owner }))).toEqual([8002]);
  });

  it('refuses an exact port for a service that holds another one', () => {
    const surroundings = seed({ allocations: [allocation(8005, { owner: bank })], worktrees: [worktree('/bank')] });
    const outcome = refusal(surroundings, [service('api'), service('web', { exact: 8001 })], { owner: bank });
    expect(outcome).toBeInstanceOf(InvalidInput);
    expect(outcome).toMatchObject({ issues: [{ path: ['services', '1', 'exactPort'] }] });
    expect(surroundings.ledger.changes().events).toEqual([]);
  });

  it.each([
    ['another environment', { environment: 'test' as const }],
    ['another owner', { owner: inWorktree('/inn') }],
    ['nobody', { owner: { worktreePath: null, codebaseId: null, conversationId: null } }],
  ])('does not take %s for the same', (_what, facts) => {
    const surroundings = seed({ allocations: [allocation(8000, { owner: bank })], worktrees: [worktree('/bank')] });
    const outcome = outcomeOf(decideAllocation(request([service('web')], { owner: bank, ...facts }), surroundings));
    expect(outcome).toMatchObject([{ created: true }]);
  });

  it.each([
    ['a codebase that is not registered', { ...bank, codebaseId: 'inn' }, NotFound],
    ['a codebase that is not that of the worktree', { ...inWorktree('/shop'), codebaseId: 'mall' }, InvalidInput],
  ])('refuses %s and registers nothing', (_what, owner, kind) => {
    const worktrees = [worktree('/shop', { codebaseId: 'shop' })];
    const surroundings = seed({ codebases: [...codebases, codebase('mall')], worktrees });
    expect(refusal(surroundings, [service('web')], { owner })).toBeInstanceOf(kind);
    expect(surroundings.ledger.changes()).toMatchObject({ worktrees: [], allocations: [], events: [] });
  });

  it('asks for the port to be probed before it grants it, and changes nothing until then', () => {
    const surroundings = seed({ unprobed: ports(8000, 8001) });
    const decision = decideAllocation(request([service('web'), service('api')], { owner: bank }), surroundings);
    expect(decision).toEqual({ unprobed: [8000, 8001] });
    expect(surroundings.ledger.changes()).toMatchObject({ worktrees: [], allocations: [], events: [] });
  });

  it('says that the range is exhausted when it is', () => {
    const allocations = Array.from({ length: 10 }, (_, index) => allocation(8000 + index, { owner: shop }));
    const outcome = refusal(seed({ allocations }), [service('web')], { owner: bank });
    expect(outcome).toBeInstanceOf(RangeExhausted);
    expect(outcome).toMatchObject({ code: 'RANGE_EXHAUSTED', hostName: quay, environment: 'dev' });
  });
});
