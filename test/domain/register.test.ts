import { describe, expect, it } from 'vitest';
import type { Environment } from '../../src/domain/policy.ts';
import { asPort } from '../../src/domain/port.ts';
import { decideRegistration, type Registration } from '../../src/domain/register.ts';
import {
  allocation,
  codebase,
  fromNoon,
  inWorktree,
  noon,
  ofCodebase,
  outcomeOf,
  ports,
  quay,
  seed,
  worktree,
} from './seed.ts';

const shop = ofCodebase('shop');
const codebases = [codebase('shop'), codebase('bank')];

function registration(port: number, facts: Partial<Registration> = {}): Registration {
  return {
    hostName: quay,
    environment: 'production',
    port: asPort(port),
    serviceName: 'web',
    description: null,
    metadata: null,
    publicHostnames: null,
    owner: shop,
    force: false,
    ...facts,
  };
}

describe('registering a port', () => {
  it.each([1, 22, 80, 443, 1024, 5432, 9000, 9009, 9010, 65_535])('takes port %s, of its range or of none', (port) => {
    const surroundings = seed({ codebases, policy: { reserved: new Set([5432, 9000]) }, listening: [port] });
    const outcome = outcomeOf(decideRegistration(registration(port), surroundings));
    expect(outcome).toMatchObject({
      created: true,
      allocation: { port, owner: 'codebase:shop', environment: 'production' },
    });
    expect(surroundings.ledger.changes().events).toMatchObject([{ kind: 'registered', allocation: { port } }]);
  });

  it.each([
    ['dev', 8000, true],
    ['dev', 7000, false],
    ['dev', 9000, false],
    ['test', 7009, true],
    ['test', 8009, false],
    ['production', 9000, true],
    ['production', 8000, false],
  ] as [Environment, number, boolean][])('for %s takes port %s unforced: %s', (environment, port, taken) => {
    const refused = { code: 'PORT_UNAVAILABLE', reasons: ['OUT_OF_RANGE'], holder: null };
    const unforced = outcomeOf(decideRegistration(registration(port, { environment }), seed({ codebases })));
    expect(unforced).toMatchObject(taken ? { created: true } : refused);
    const forced = outcomeOf(decideRegistration(registration(port, { environment, force: true }), seed({ codebases })));
    expect(forced).toMatchObject({ created: true });
  });

  it('takes a port that is quarantined or configured for another', () => {
    const allocations = [allocation(9000, { owner: ofCodebase('bank'), releasedAt: noon })];
    const configured = [...codebases, codebase('inn', { primaryPort: asPort(9000) })];
    const outcome = outcomeOf(decideRegistration(registration(9000), seed({ codebases: configured, allocations })));
    expect(outcome).toMatchObject({ created: true });
  });

  it.each([
    ['another owner', { owner: ofCodebase('bank'), environment: 'production' as const }],
    ['another service of the owner', { owner: shop, environment: 'production' as const, serviceName: 'api' }],
    ['the same service in another environment', { owner: shop, environment: 'dev' as const }],
  ])('is refused where %s holds it, force or not', (_who, facts) => {
    const held = allocation(9000, facts);
    for (const force of [false, true]) {
      const surroundings = seed({ codebases, allocations: [held] });
      const outcome = outcomeOf(decideRegistration(registration(9000, { force }), surroundings));
      expect(outcome).toMatchObject({
        code: 'PORT_UNAVAILABLE',
        reasons: ['ALLOCATED'],
        holder: held,
        suggestions: [9001, 9002, 9003],
      });
      expect(surroundings.ledger.changes().events).toEqual([]);
    }
  });

  it('has its suggestions probed before it is refused', () => {
    const surroundings = seed({ codebases, allocations: [allocation(9000)], unprobed: ports(9001) });
    expect(decideRegistration(registration(9000), surroundings)).toEqual({ unprobed: [9001] });
  });

  it('is refused for a codebase that is not registered', () => {
    const outcome = outcomeOf(
      decideRegistration(registration(9000, { owner: ofCodebase('inn') }), seed({ codebases })),
    );
    expect(outcome).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('registers the worktree of its owner', () => {
    const surroundings = seed({ codebases });
    outcomeOf(
      decideRegistration(registration(9000, { owner: inWorktree('/shop', { codebaseId: 'shop' }) }), surroundings),
    );
    expect(surroundings.ledger.changes().worktrees).toMatchObject([{ path: '/shop', codebaseId: 'shop' }]);
  });

  it('may hold several ports for one service', () => {
    const surroundings = seed({ codebases });
    const outcomes = [9000, 9001].map((port) => outcomeOf(decideRegistration(registration(port), surroundings)));
    expect(outcomes).toMatchObject([{ created: true }, { created: true }]);
  });
});

describe('registering a port again', () => {
  const held = allocation(9000, {
    owner: shop,
    environment: 'production',
    description: 'The shop',
    metadata: { one: 1, two: { deep: [1, 2] } },
    publicHostnames: ['shop.example'],
    status: 'active',
  });

  it.each([
    ['nothing new', {}],
    ['the same', { description: 'The shop', publicHostnames: ['shop.example'] }],
    ['the same metadata in another order', { metadata: { two: { deep: [1, 2] }, one: 1 } }],
  ])('with %s changes nothing', (_what, facts) => {
    const surroundings = seed({ codebases, allocations: [held] });
    const outcome = outcomeOf(decideRegistration(registration(9000, facts), surroundings));
    expect(outcome).toEqual({ created: false, allocation: held });
    expect(surroundings.ledger.changes().events).toEqual([]);
  });

  it.each([
    ['a description', { description: 'Another' }],
    ['metadata', { metadata: { one: 2 } }],
    ['metadata whose lists are ordered otherwise', { metadata: { one: 1, two: { deep: [2, 1] } } }],
    ['hostnames', { publicHostnames: ['shop.example', 'www.shop.example'] }],
    ['no hostnames any more', { publicHostnames: [] }],
  ])('brings up to date %s, and nothing else', (_what, facts) => {
    const surroundings = seed({ codebases, allocations: [held], now: fromNoon(1_000) });
    const outcome = outcomeOf(decideRegistration(registration(9000, facts), surroundings));
    expect(outcome).toEqual({ created: false, allocation: { ...held, ...facts } });
    expect(surroundings.ledger.changes().events).toMatchObject([{ kind: 'registered', allocation: facts }]);
  });

  it('is possible in an automatic allocation, which it describes', () => {
    const allocations = [allocation(8000, { owner: inWorktree('/shop') })];
    const surroundings = seed({ allocations, worktrees: [worktree('/shop')] });
    const again = registration(8000, { environment: 'dev', owner: inWorktree('/shop'), description: 'Mine' });
    expect(outcomeOf(decideRegistration(again, surroundings))).toMatchObject({
      created: false,
      allocation: { id: allocations[0]?.id, description: 'Mine' },
    });
  });
});
