import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPort, recommendPort } from '../../src/domain/check.ts';
import { asPort } from '../../src/domain/port.ts';
import {
  allocation,
  codebase,
  fromNoon,
  granted,
  inWorktree,
  ofCodebase,
  outcomeOf,
  ports,
  quay,
  request,
  type Scene,
  seed,
  service,
  worktree,
} from './seed.ts';

const held = allocation(8000, { owner: inWorktree('/shop') });
const check = (port: number, scene: Scene) => outcomeOf(checkPort(quay, asPort(port), seed(scene)));
const recommend = (scene: Scene, name = 'web') => outcomeOf(recommendPort(quay, 'dev', name, seed(scene)));

const holderSays =
  'Port 8000 on quay is held by the dev service "web" of worktree /shop since 2026-03-01T12:00:00.000Z.';
const notABug = ' That the address is in use is not a bug in your code: do not stop its owner, take another port.';
const instead = ' Free instead: 8001, 8002, 8003.';

describe('checking a port', () => {
  it.each([
    ['free', {}, 8000, 'Port 8000 on quay is free to allocate in the dev range.'],
    ['free', {}, 9000, 'Port 9000 on quay is free to allocate in the production range.'],
    ['held', { allocations: [held] }, 8000, `${holderSays}${instead}`],
    [
      'held and listened on',
      { allocations: [held], listening: [8000] },
      8000,
      `Port 8000 on quay cannot be had: something listens on it right now.${notABug}${instead}`,
    ],
    [
      'listened on',
      { listening: [8000] },
      8000,
      `Port 8000 on quay cannot be had: something listens on it right now.${instead}`,
    ],
    [
      'reserved',
      { policy: { reserved: new Set([8000]) } },
      8000,
      `Port 8000 on quay cannot be had: it is reserved (RESERVED_PORTS).${instead}`,
    ],
    [
      'out of range',
      {},
      6000,
      'Port 6000 on quay cannot be had: it lies outside the dev range 8000-8009. Free instead: 8000, 8001, 8002.',
    ],
    [
      'quarantined',
      { allocations: [allocation(8000, { owner: inWorktree('/shop'), releasedAt: fromNoon(-1) })] },
      8000,
      `Port 8000 on quay cannot be had: another owner released it a moment ago and may come back.${instead}`,
    ],
    [
      'configured',
      { codebases: [codebase('shop', { primaryPort: asPort(8000) })] },
      8000,
      `Port 8000 on quay cannot be had: another codebase configures it for one of its services.${instead}`,
    ],
  ])('that is %s says so', (_what, scene, port, explanation) => {
    const found = check(port, scene);
    expect(found.explanation.endsWith(explanation)).toBe(true);
    expect(found.available).toBe(found.reasons.length === 0);
    if (found.allocation) expect(found.explanation.startsWith(holderSays)).toBe(true);
  });

  it('names the holder, the reasons and three ports instead', () => {
    expect(check(8000, { allocations: [held], listening: [8000] })).toMatchObject({
      hostName: quay,
      port: 8000,
      available: false,
      reasons: ['ALLOCATED', 'LISTENING'],
      allocation: held,
      suggestions: [8001, 8002, 8003],
    });
  });

  it('suggests nothing where the port is free, or nothing is', () => {
    expect(check(8000, {}).suggestions).toEqual([]);
    const full = Array.from({ length: 10 }, (_, index) => allocation(8000 + index));
    const found = check(8000, { allocations: full });
    expect(found.suggestions).toEqual([]);
    expect(found.explanation).not.toContain('Free instead');
  });

  it('wants the port probed, and each suggestion', () => {
    expect(checkPort(quay, asPort(8000), seed({ unprobed: ports(8000, 8001) }))).toEqual({ unprobed: [8000] });
    const scene = { allocations: [held], unprobed: ports(8001) };
    expect(checkPort(quay, asPort(8000), seed(scene))).toEqual({ unprobed: [8001] });
  });

  it('changes nothing', () => {
    const surroundings = seed({ allocations: [held] });
    checkPort(quay, asPort(8000), surroundings);
    recommendPort(quay, 'dev', 'web', surroundings);
    expect(surroundings.ledger.changes()).toMatchObject({ allocations: [], worktrees: [], events: [] });
  });
});

describe('recommending a port', () => {
  it('is the lowest free one, and says that nothing is held', () => {
    expect(recommend({ allocations: [held], listening: [8001] })).toEqual({
      hostName: quay,
      port: 8002,
      available: true,
      reasons: [],
      allocation: null,
      listener: null,
      suggestions: [8003, 8004, 8005],
      explanation:
        'Port 8002 on quay is free for the dev service "web": allocate it before you use it, since nothing is held by asking.',
    });
  });

  it('is the former port of a service without an owner', () => {
    expect(recommend({ allocations: [allocation(8005, { releasedAt: fromNoon(-1) })] })).toMatchObject({ port: 8005 });
    const listening = [8005];
    expect(recommend({ allocations: [allocation(8005, { releasedAt: fromNoon(-1) })], listening })).toMatchObject({
      port: 8000,
    });
  });

  it('is the port that a service without an owner holds already', () => {
    expect(recommend({ allocations: [allocation(8005)] })).toMatchObject({
      port: 8005,
      available: false,
      reasons: ['ALLOCATED'],
      allocation: { port: 8005 },
      explanation: expect.stringContaining(
        'of no owner since 2026-03-01T12:00:00.000Z: allocating it again gives the same port.',
      ),
    });
  });

  it('is refused where nothing is free', () => {
    const full = Array.from({ length: 10 }, (_, index) => allocation(8000 + index, { owner: ofCodebase('shop') }));
    expect(recommend({ allocations: full })).toMatchObject({ code: 'RANGE_EXHAUSTED', environment: 'dev' });
  });

  it('wants the port probed, and its suggestions', () => {
    const unprobed = ports(8000, 8002);
    expect(recommendPort(quay, 'dev', 'web', seed({ unprobed }))).toEqual({ unprobed });
  });

  it('is what allocating would give then', () => {
    const anyPort = fc.integer({ min: 8000, max: 8009 });
    fc.assert(
      fc.property(fc.uniqueArray(anyPort), fc.uniqueArray(anyPort), fc.option(anyPort), (taken, listening, former) => {
        const scene: Scene = {
          allocations: [
            ...(former === null ? [] : [allocation(former, { id: 'former', releasedAt: fromNoon(-1) })]),
            ...taken.slice(0, 9).map((port) => allocation(port, { owner: inWorktree('/shop') })),
          ],
          worktrees: [worktree('/shop')],
          listening: listening.slice(0, 5),
        };
        const outcome = recommend(scene);
        if ('code' in outcome) expect(() => granted(seed(scene), request([service('web')]))).toThrow(outcome.message);
        else expect(granted(seed(scene), request([service('web')]))).toEqual([outcome.port]);
      }),
    );
  });
});
