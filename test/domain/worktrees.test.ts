import { describe, expect, it } from 'vitest';
import { nobody, type Owner } from '../../src/domain/owner.ts';
import { asPort } from '../../src/domain/port.ts';
import { isRefusal } from '../../src/domain/refusals.ts';
import type { Allocation } from '../../src/domain/registry-model.ts';
import {
  decideWorktreeRegistration,
  decideWorktreeRemoval,
  type WorktreeRegistration,
} from '../../src/domain/worktrees.ts';
import {
  allocation,
  codebase,
  fromNoon,
  inConversation,
  inWorktree,
  ofCodebase,
  outcomeOf,
  quay,
  type Scene,
  seed,
  service,
  worktree,
} from './seed.ts';

const path = '/src/shop-cart';
const later = fromNoon(60_000);
const codebases = [codebase('1', { name: 'shop', primaryPort: asPort(8005) }), codebase('2', { name: 'bank' })];

const registration = (facts: Partial<WorktreeRegistration> = {}): WorktreeRegistration => ({
  hostName: quay,
  path,
  branch: null,
  codebaseId: null,
  conversationId: null,
  environment: 'dev',
  services: null,
  ...facts,
});

function register(facts: Partial<WorktreeRegistration>, scene: Scene = {}) {
  const { ledger, ...rest } = seed({ codebases, now: later, ...scene });
  const outcome = outcomeOf(decideWorktreeRegistration(registration(facts), { ledger, ...rest }));
  return { outcome, changes: ledger.changes() };
}

describe('registering a worktree', () => {
  it('keeps what was said and gives it a port', () => {
    const facts = { branch: 'cart', codebaseId: '1', conversationId: 'issue 1' };
    const { outcome, changes } = register(facts);
    const registered = worktree(path, { ...facts, id: 'new 2', registeredAt: later });
    expect(outcome).toMatchObject({
      worktree: registered,
      created: true,
      allocations: [{ port: 8000, worktreeId: 'new 2' }],
    });
    expect(changes.worktrees).toEqual([registered]);
    expect(changes.events).toMatchObject([{ kind: 'allocated', worktreePath: path }]);
  });

  it.each([
    ['codebase and branch', { branch: 'feature/cart', codebaseId: '1' }, 'shop-feature/cart'],
    ['codebase alone', { codebaseId: '1' }, 'shop'],
    ['branch alone', { branch: 'cart' }, 'cart'],
    ['directory', {}, 'shop-cart'],
    ['directory on Windows', { path: 'C:\\work\\shop cart' }, 'shop cart'],
    ['nothing', { path: '/' }, 'worktree'],
    ['what fits of a long branch', { branch: '⚓'.repeat(300) }, '⚓'.repeat(255)],
  ])('names its service after %s', (_what, facts, serviceName) => {
    expect(register(facts).outcome).toMatchObject({ allocations: [{ serviceName }] });
  });

  it("gives the service that bears the codebase's name its primary port", () => {
    expect(register({ codebaseId: '1' }).outcome).toMatchObject({ allocations: [{ serviceName: 'shop', port: 8005 }] });
  });

  it('gives each service named a port, all or none', () => {
    const services = [service('web'), service('api', { exact: 8000 })];
    expect(register({ services }).outcome).toMatchObject({ allocations: [{ port: 8001 }, { port: 8000 }] });
    const { outcome, changes } = register({ services }, { listening: [8000] });
    expect(outcome).toMatchObject({ code: 'PORT_UNAVAILABLE', reasons: ['LISTENING'] });
    expect(changes).toMatchObject({ worktrees: [], allocations: [], events: [] });
  });

  it('gives none where no service is wanted', () => {
    expect(register({ services: [] }).outcome).toMatchObject({ created: true, allocations: [] });
  });

  it.each([
    ['codebase', { codebaseId: '9' }, {}, 'NOT_FOUND'],
    [
      'free port',
      {},
      { allocations: Array.from({ length: 10 }, (_, index) => allocation(8000 + index)) },
      'RANGE_EXHAUSTED',
    ],
  ])('is refused where there is no such %s, and leaves nothing behind', (_what, facts, scene, code) => {
    const { outcome, changes } = register(facts, scene);
    expect(outcome).toMatchObject({ code });
    expect(changes).toMatchObject({ worktrees: [], allocations: [], events: [] });
  });
});

describe('registering a worktree again', () => {
  const known = worktree(path, {
    branch: 'cart',
    codebaseId: '1',
    conversationId: 'issue 1',
    missingSince: fromNoon(5),
  });
  const owner = inWorktree(path, { codebaseId: '1' });
  const scene = { worktrees: [known], allocations: [allocation(8003, { owner, serviceName: 'web' })] };

  it('changes nothing and answers what it holds', () => {
    const { outcome, changes } = register({}, scene);
    expect(outcome).toEqual({ worktree: known, allocations: scene.allocations, created: false });
    expect(changes).toMatchObject({ worktrees: [], allocations: [], events: [] });
  });

  it('keeps what is not said', () => {
    const { outcome } = register({ branch: 'checkout' }, scene);
    expect(outcome).toMatchObject({ created: false, worktree: { ...known, branch: 'checkout' } });
  });

  it('adds the services that it does not have', () => {
    const { outcome, changes } = register({ services: [service('api'), service('web')] }, scene);
    expect(outcome).toMatchObject({ allocations: [{ port: 8000 }, { port: 8003 }] });
    expect(changes.events).toHaveLength(1);
  });

  it('gives it a port in another environment where it holds none', () => {
    expect(register({ environment: 'test' }, scene).outcome).toMatchObject({ allocations: [{ port: 7000 }] });
  });

  it('for another codebase takes along what it holds', () => {
    const { outcome, changes } = register({ codebaseId: '2', services: [service('web'), service('api')] }, scene);
    expect(outcome).toMatchObject({
      worktree: { codebaseId: '2' },
      allocations: [
        { port: 8003, codebaseId: '2', owner: `worktree:${path}` },
        { port: 8000, codebaseId: '2' },
      ],
    });
    expect(changes.allocations.map(({ codebaseId }) => codebaseId)).toEqual(['2', '2']);
    const handed = changes.events.filter(({ kind }) => kind === 'transferred');
    expect(handed.map((event) => [event.allocation.port, event.cause])).toContainEqual([
      8003,
      'worktree registered with the codebase 2',
    ]);
  });

  it('begins anew after a removal, under its old id, with its former port', () => {
    const removed = { ...known, removedAt: fromNoon(10) };
    const allocations = [allocation(8003, { owner, serviceName: 'web', releasedAt: fromNoon(10) })];
    const { outcome } = register({ services: [service('web')] }, { worktrees: [removed], allocations });
    expect(outcome).toMatchObject({
      created: true,
      worktree: worktree(path, { id: known.id, registeredAt: later }),
      allocations: [{ port: 8003, worktreeId: known.id }],
    });
  });
});

describe('removing a worktree', () => {
  const known = worktree(path);
  const held = [
    allocation(8003, { owner: inWorktree(path), publicHostnames: ['shop.example'] }),
    allocation(9000, { owner: inWorktree(path), environment: 'production', status: 'active' }),
  ];
  const remove = (owner: Owner, force = false) => ({ hostName: quay, path, owner, force });
  const others = [allocation(8001, { owner: inWorktree('/other') }), allocation(8002, { owner: ofCodebase('1') })];

  it('releases everything that it holds and nothing else', () => {
    const { ledger } = seed({ worktrees: [known, worktree('/other')], allocations: [...held, ...others], now: later });
    const outcome = decideWorktreeRemoval(remove(nobody, true), ledger);
    const released = held.map((each) => ({ ...each, status: 'released' as const, releasedAt: later }));
    expect(outcome).toEqual({ worktree: { ...known, removedAt: later }, released });
    expect(ledger.changes().allocations).toEqual(released);
    expect(ledger.changes().events).toMatchObject(
      released.map((each) => ({
        kind: 'released',
        cause: `worktree removed: ${path}, forced`,
        allocation: each,
        worktreePath: path,
      })),
    );
    expect(ledger.occupancy(quay).heldWithin({ start: asPort(1), end: asPort(65_535) })).toBe(2);
  });

  const [publicPort, production] = held as [Allocation, Allocation];
  const development = allocation(8004, { owner: inWorktree(path), conversationId: 'issue 1' });
  it.each([
    ['anybody, of development ports', [development], nobody],
    ['the worktree itself, of production', [production], inWorktree(path)],
    ["the worktree's conversation, of production", [production], inConversation('pull 2')],
    [
      "a claim's own conversation, of production",
      [{ ...production, conversationId: 'issue 1' }],
      inConversation('issue 1'),
    ],
  ])('is done for %s', (_who, allocations, owner) => {
    const { ledger } = seed({ worktrees: [worktree(path, { conversationId: 'pull 2' })], allocations });
    expect(decideWorktreeRemoval(remove(owner), ledger)).toMatchObject({ released: [{ status: 'released' }] });
    expect(ledger.changes().events).toMatchObject([{ cause: `worktree removed: ${path}` }]);
  });

  it.each([
    ['anybody, of production', production, nobody, 'ask its owner'],
    [
      'another worktree of its codebase, of production',
      production,
      inWorktree('/bank', { codebaseId: '1' }),
      'ask its owner',
    ],
    ['another conversation, of production', production, inConversation('issue 9'), 'ask its owner'],
    ['anybody, of a public port', publicPort, nobody, 'ask its owner'],
    ['the worktree itself, of a public port', publicPort, inWorktree(path), 'is public as shop.example: use force'],
  ])('is refused to %s, and changes nothing, unless forced', (_who, guarded, owner, words) => {
    const scene = { worktrees: [worktree(path, { codebaseId: '1' })], allocations: [development, guarded], now: later };
    const { ledger } = seed(scene);
    const refusal = decideWorktreeRemoval(remove(owner), ledger);
    const port = `Port ${guarded.port} on quay is held by the ${guarded.environment} service "web" of worktree ${path}`;
    expect(refusal).toMatchObject({ code: 'NOT_OWNER', holder: guarded, message: expect.stringContaining(port) });
    expect(refusal).toMatchObject({ message: expect.stringContaining(words) });
    expect(ledger.changes()).toMatchObject({ worktrees: [], allocations: [], events: [] });
    const { ledger: again } = seed(scene);
    expect(decideWorktreeRemoval(remove(owner, true), again)).toMatchObject({ released: [{}, {}] });
    for (const { cause } of again.changes().events) expect(cause).toMatch(/^worktree removed: .+, forced\b/);
  });

  it.each([
    ['never registered', [], `No worktree is registered at ${path} on quay: see the registered ones`],
    ['removed before', [worktree(path, { removedAt: later })], `; it was removed at ${later.toISOString()}: see`],
  ])('is refused where it was %s', (_when, worktrees, words) => {
    const { ledger } = seed({ worktrees, now: later });
    const outcome = decideWorktreeRemoval(remove(nobody), ledger);
    expect(isRefusal(outcome)).toBe(true);
    expect(outcome).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining(words) });
    expect(ledger.changes().worktrees).toEqual([]);
  });
});
