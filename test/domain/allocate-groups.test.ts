import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAllocation, type ServiceRequest } from '../../src/domain/allocate.ts';
import { reasonsAgainst } from '../../src/domain/choose.ts';
import { asPort } from '../../src/domain/port.ts';
import { isRefusal } from '../../src/domain/refusals.ts';
import {
  allocation,
  codebase,
  granted,
  inWorktree,
  outcomeOf,
  quay,
  request,
  seed,
  service,
  worktree,
} from './seed.ts';

const bank = inWorktree('/bank', { codebaseId: 'bank' });
const worktrees = [worktree('/bank', { codebaseId: 'bank' })];
const codebases = [codebase('bank', { servicePorts: { web: asPort(8000) } })];

describe('a group', () => {
  it('is granted in the order of its services', () => {
    const services = [service('api'), service('web', { preferred: 8000 }), service('db', { exact: 8001 })];
    expect(granted(seed({ codebases, worktrees }), request(services, { owner: bank }))).toEqual([8002, 8000, 8001]);
  });

  it.each([
    ['an exact port', [service('api', { preferred: 8005 }), service('db', { exact: 8005 })], [8000, 8005]],
    ['a preferred port', [service('api'), service('db', { preferred: 8000 })], [8001, 8000]],
    ['a preferred port, not even by configuration', [service('web'), service('db', { preferred: 8000 })], [8001, 8000]],
    ['a configured port', [service('api'), service('web')], [8001, 8000]],
    [
      'a preferred port that comes first',
      [service('a', { preferred: 8004 }), service('b', { preferred: 8004 })],
      [8004, 8000],
    ],
  ])('never gives one service what another asked for: %s', (_what, services, expected) => {
    const own = services.some(({ serviceName }) => serviceName === 'web' || serviceName === 'db')
      ? codebases
      : [codebase('bank')];
    expect(granted(seed({ codebases: own, worktrees }), request(services, { owner: bank }))).toEqual(expected);
  });

  it('returns what is held and adds what is missing', () => {
    const surroundings = seed({ codebases, worktrees, allocations: [allocation(8004, { owner: bank })] });
    const outcome = outcomeOf(
      decideAllocation(request([service('api'), service('web')], { owner: bank }), surroundings),
    );
    expect(outcome).toMatchObject([
      { created: true, allocation: { port: 8000 } },
      { created: false, allocation: { port: 8004 } },
    ]);
    expect(surroundings.ledger.changes().events).toHaveLength(1);
  });

  it('is refused where two services ask for one exact port', () => {
    const services = [service('api', { exact: 8001 }), service('db', { exact: 8001 })];
    const outcome = outcomeOf(decideAllocation(request(services), seed()));
    expect(outcome).toMatchObject({ code: 'PORT_UNAVAILABLE', port: 8001, reasons: ['ALLOCATED'] });
  });

  it.each([
    ['an exact port cannot be had', [service('api'), service('db', { exact: 7000 })], 'PORT_UNAVAILABLE'],
    ['the range has too few ports', Array.from({ length: 11 }, (_, index) => service(`s${index}`)), 'RANGE_EXHAUSTED'],
  ])('takes nothing where %s', (_why, services, code) => {
    const surroundings = seed();
    const owner = inWorktree('/new');
    expect(outcomeOf(decideAllocation(request(services, { owner }), surroundings))).toMatchObject({ code });
    expect(surroundings.ledger.changes()).toMatchObject({ worktrees: [], allocations: [], events: [] });
    expect(surroundings.ledger.occupancy(quay).heldWithin(surroundings.policy.ranges.dev)).toBe(0);
  });

  it('may take the whole range', () => {
    const services = Array.from({ length: 10 }, (_, index) => service(`s${index}`));
    const all = granted(seed(), request(services));
    expect(all).toEqual(Array.from({ length: 10 }, (_, index) => 8000 + index));
  });

  it('registers its worktree once', () => {
    const surroundings = seed();
    granted(surroundings, request([service('a'), service('b')], { owner: inWorktree('/new') }));
    const { worktrees: registered, allocations } = surroundings.ledger.changes();
    expect(registered).toHaveLength(1);
    expect(new Set(allocations.map(({ worktreeId }) => worktreeId))).toEqual(new Set([registered[0]?.id]));
  });
});

const anyPort = fc.integer({ min: 7998, max: 8011 });
const anyService = (index: number): fc.Arbitrary<ServiceRequest> =>
  fc
    .oneof(
      fc.constant({}),
      anyPort.map((preferred) => ({ preferred })),
      anyPort.map((exact) => ({ exact })),
    )
    .map((wish) => service(`s${index}`, wish));
const anyGroup = fc
  .integer({ min: 1, max: 6 })
  .chain((size) => fc.tuple(...Array.from({ length: size }, (_, index) => anyService(index))));
const anyScene = fc
  .record({
    held: fc.uniqueArray(anyPort, { maxLength: 6 }),
    listening: fc.uniqueArray(anyPort, { maxLength: 4 }),
    reserved: fc.uniqueArray(anyPort, { maxLength: 2 }),
    configured: fc.option(fc.integer({ min: 8000, max: 8009 })),
    strategy: fc.constantFrom('sequential' as const, 'random' as const),
    draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  })
  .map(({ held, listening, reserved, configured, strategy, draw }) => ({
    allocations: held.map((port) => allocation(port, { owner: inWorktree('/other') })),
    worktrees: [worktree('/other')],
    codebases: [codebase('bank', { servicePorts: configured === null ? {} : { s0: asPort(configured) } })],
    listening,
    policy: { reserved: new Set(reserved), strategy },
    random: () => draw,
  }));

describe('any request', () => {
  it('is granted allowed and distinct ports and every exact one, or changes nothing', () => {
    fc.assert(
      fc.property(anyScene, anyGroup, (scene, services) => {
        const surroundings = seed(scene);
        const outcome = outcomeOf(decideAllocation(request(services, { owner: bank }), surroundings));
        const { allocations, worktrees: registered, events } = surroundings.ledger.changes();
        if (isRefusal(outcome)) {
          expect([allocations, registered, events]).toEqual([[], [], []]);
          return;
        }
        const before = seed(scene);
        const seeker = { hostName: quay, environment: 'dev' as const, owner: 'worktree:/bank', codebaseId: 'bank' };
        const given = outcome.map((grant) => grant.allocation.port);
        expect(new Set(given).size).toBe(services.length);
        for (const port of given) expect(reasonsAgainst(port, seeker, before)).toEqual([]);
        for (const [index, { exactPort }] of services.entries())
          if (exactPort !== null) expect(given[index]).toBe(exactPort);
        expect(events.map((event) => event.allocation.port)).toEqual(given);
      }),
    );
  });

  it('is refused as exhausted only where too few ports are free', () => {
    fc.assert(
      fc.property(anyScene, fc.integer({ min: 1, max: 10 }), (scene, size) => {
        const seeker = { hostName: quay, environment: 'dev' as const, owner: 'worktree:/bank', codebaseId: 'bank' };
        const all = Array.from({ length: 10 }, (_, index) => 8000 + index);
        const free = all.filter((port) => reasonsAgainst(port, seeker, seed(scene)).length === 0);
        const services = Array.from({ length: size }, (_, index) => service(`s${index}`));
        const outcome = outcomeOf(decideAllocation(request(services, { owner: bank }), seed(scene)));
        expect(isRefusal(outcome)).toBe(size > free.length);
      }),
    );
  });

  it('answers the same again and changes nothing the second time', () => {
    fc.assert(
      fc.property(anyScene, anyGroup, (scene, services) => {
        const surroundings = seed(scene);
        const first = outcomeOf(decideAllocation(request(services, { owner: bank }), surroundings));
        fc.pre(!isRefusal(first));
        const events = surroundings.ledger.changes().events.length;
        const second = outcomeOf(decideAllocation(request(services, { owner: bank }), surroundings));
        expect(second).toEqual(isRefusal(first) ? first : first.map((grant) => ({ ...grant, created: false })));
        expect(surroundings.ledger.changes().events).toHaveLength(events);
      }),
    );
  });
});
