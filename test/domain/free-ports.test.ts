import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freePorts, type PortSeeker, refusePort, suggestPorts } from '../../src/domain/choose.ts';
import { nobody, type Owner, ownerKey } from '../../src/domain/owner.ts';
import { asPort } from '../../src/domain/port.ts';
import { allocation, codebase, inWorktree, noon, outcomeOf, ports, quay, type Scene, seed } from './seed.ts';

const seeker = (owner: Owner = nobody): PortSeeker => ({
  hostName: quay,
  environment: 'dev',
  owner: ownerKey(owner),
  codebaseId: owner.codebaseId,
});

const shop = inWorktree('/shop', { codebaseId: 'shop' });
const bank = inWorktree('/bank', { codebaseId: 'bank' });
const released = (port: number, owner: Owner) => allocation(port, { owner, releasedAt: noon });

/** Which ports of the range 8000-8009 are out of the question, and why. */
const obstacles = fc.array(fc.constantFrom('free', 'held', 'resting', 'reserved', 'configured', 'listening'), {
  minLength: 10,
  maxLength: 10,
});

function sceneOf(kinds: readonly string[]): Scene {
  const portsOf = (kind: string) => kinds.flatMap((each, index) => (each === kind ? [asPort(8000 + index)] : []));
  return {
    allocations: [
      ...portsOf('held').map((port) => allocation(port)),
      ...portsOf('resting').map((port) => released(port, bank)),
    ],
    codebases: [
      codebase('bank', { servicePorts: Object.fromEntries(portsOf('configured').map((port) => [`s${port}`, port])) }),
    ],
    policy: { reserved: new Set(portsOf('reserved')) },
    listening: portsOf('listening'),
  };
}

const portsThatAreFree = (kinds: readonly string[]) =>
  kinds.flatMap((kind, index) => (kind === 'free' ? [8000 + index] : []));

describe('the free ports of a range', () => {
  it('are, by the sequential strategy, the ones with nothing against them, the lowest first', () => {
    fc.assert(
      fc.property(obstacles, (kinds) => {
        expect([...freePorts(seeker(shop), seed(sceneOf(kinds)), new Set())]).toEqual(portsThatAreFree(kinds));
      }),
    );
  });

  it('are, by the random strategy, the same ones in some order', () => {
    fc.assert(
      fc.property(
        obstacles,
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (kinds, draws) => {
          const random = () => draws.next().value ?? 0;
          const scene = sceneOf(kinds);
          const surroundings = seed({ ...scene, policy: { ...scene.policy, strategy: 'random' }, random });
          const taken = new Set<number>();
          // As a group does: each port that is taken is excepted from then on.
          for (const port of freePorts(seeker(shop), surroundings, taken)) {
            expect(taken).not.toContain(port);
            taken.add(port);
          }
          expect([...taken].sort()).toEqual(portsThatAreFree(kinds));
        },
      ),
    );
  });

  it.each([
    [0, 8000],
    [0.05, 8000],
    [0.5, 8005],
    [0.999_999_999, 8009],
  ])('begin where the random source says: %s means %s', (draw, expected) => {
    const surroundings = seed({ policy: { strategy: 'random' }, random: () => draw });
    expect(freePorts(seeker(), surroundings, new Set()).next().value).toBe(expected);
  });
});

describe('suggestions', () => {
  const suggest = (port: number, scene: Scene) => suggestPorts(asPort(port), seeker(shop), seed(scene));

  it.each([
    ['the next three above', 8004, {}, [8005, 8006, 8007]],
    ['those above, then from the start of the range', 8008, {}, [8009, 8000, 8001]],
    ['the first of the range for a port outside of it', 7001, {}, [8000, 8001, 8002]],
    [
      'only such as have nothing against them',
      8000,
      { allocations: [allocation(8001)], listening: [8003] },
      [8002, 8004, 8005],
    ],
  ])('are %s', (_what, port, scene, expected) => {
    expect(suggest(port, scene)).toEqual(expected);
  });

  it('are free, distinct, three at most, and never the port itself', () => {
    fc.assert(
      fc.property(obstacles, fc.integer({ min: 7990, max: 8020 }), (kinds, port) => {
        const suggestions = suggest(port, sceneOf(kinds));
        const others = portsThatAreFree(kinds).filter((free) => free !== port);
        expect(new Set(suggestions).size).toBe(Math.min(3, others.length));
        expect(suggestions).toHaveLength(new Set(suggestions).size);
        for (const suggestion of suggestions) expect(others).toContain(suggestion);
      }),
    );
  });

  it('are probed before a port is refused with them', () => {
    const unprobed = ports(8002, 8003);
    const decision = refusePort({ port: asPort(8000), reasons: ['RESERVED'] }, seeker(), seed({ unprobed }));
    expect(decision).toEqual({ unprobed });
  });

  it('come with the refusal, as does the holder', () => {
    const held = allocation(8000, { owner: bank });
    const refusal = outcomeOf(
      refusePort({ port: asPort(8000), reasons: ['ALLOCATED'] }, seeker(), seed({ allocations: [held] })),
    );
    expect(refusal).toMatchObject({
      code: 'PORT_UNAVAILABLE',
      hostName: quay,
      environment: 'dev',
      port: 8000,
      reasons: ['ALLOCATED'],
      holder: held,
      suggestions: [8001, 8002, 8003],
    });
  });
});
