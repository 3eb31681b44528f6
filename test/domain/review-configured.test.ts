import { describe, expect, it } from 'vitest';
import type { Surroundings } from '../../src/domain/choose.ts';
import { decideCodebaseRegistration } from '../../src/domain/codebases.ts';
import { ConflictBook } from '../../src/domain/conflict-book.ts';
import { Ledger } from '../../src/domain/ledger.ts';
import { Occupancy } from '../../src/domain/occupancy.ts';
import { asPort } from '../../src/domain/port.ts';
import type { Codebase, Conflict } from '../../src/domain/registry-model.ts';
import { release } from '../../src/domain/release.ts';
import { reviewChanges } from '../../src/domain/review.ts';
import { review } from './review-batch.ts';
import { allocation, codebase, noon, ofCodebase, quay, type Scene, seed } from './seed.ts';

describe('a configured port', () => {
  const configuring = (id: string, ...ports: number[]): Codebase =>
    codebase(id, { servicePorts: Object.fromEntries(ports.map((port) => [`service ${port}`, asPort(port)])) });
  const register =
    (id: string, ...ports: number[]) =>
    ({ ledger }: Surroundings) => {
      const { servicePorts } = configuring(id, ...ports);
      decideCodebaseRegistration({ id, name: id, ports: { primaryPort: null, servicePorts } }, ledger);
    };
  const held = allocation(8000, { owner: ofCodebase('shop') });
  const collision = 'port_config_collision 8000';

  it.each<[string, Scene, (surroundings: Surroundings) => void, string[]]>([
    ['held by another codebase', { allocations: [held] }, register('bank', 8000), [collision]],
    ['held by nobody’s codebase', { allocations: [allocation(8000)] }, register('bank', 8000), [collision]],
    ['held by its own codebase', { allocations: [held] }, register('shop', 8000), []],
    ['held by none', { allocations: [allocation(8001)] }, register('bank', 8000), []],
    [
      'claimed by another one',
      { codebases: [configuring('bank', 8000)] },
      ({ ledger }) => void ledger.record('registered', held),
      [collision],
    ],
    [
      'claimed by one of those that configure it',
      { codebases: [configuring('bank', 8000), configuring('shop', 8000)] },
      ({ ledger }) => void ledger.record('registered', held),
      [],
    ],
    [
      'handed to another one',
      { codebases: [configuring('shop', 8000)], allocations: [held] },
      ({ ledger }) => void ledger.record('transferred', { ...held, owner: 'codebase:bank', codebaseId: 'bank' }),
      [collision],
    ],
    [
      'configured by another one already',
      { codebases: [configuring('bank', 8000)] },
      register('shop', 8000, 8001),
      [collision],
    ],
    [
      'configured by another one, and held by a third',
      { codebases: [configuring('bank', 8000)], allocations: [held] },
      register('inn', 8000),
      [collision, collision],
    ],
  ])('%s', (_what, scene, act, expected) => {
    expect(review(scene, act).opened).toEqual(expected);
  });

  it.each<[string, (surroundings: Surroundings) => void]>([
    ['its holder releases it', ({ ledger }) => void release(held, ledger)],
    ['it is configured no longer', register('bank', 8001)],
    ['its holder’s codebase configures it as well', register('shop', 8000)],
    [
      'it is handed to the codebase',
      ({ ledger }) => void ledger.record('transferred', { ...held, codebaseId: 'bank' }),
    ],
  ])('that is held by another codebase is settled once %s', (_what, act) => {
    const opened = review({ allocations: [held], codebases: [codebase('shop')] }, register('bank', 8000)).after;
    const codebases = [codebase('shop'), configuring('bank', 8000)];
    expect(review({ ...opened, codebases }, act).resolved).toEqual([collision]);
  });

  it('is about the new holder when it changes hands in one batch', () => {
    const codebases = [configuring('bank', 8000)];
    const scene = review({ codebases }, ({ ledger }) => void ledger.record('registered', held)).after;
    const { opened, resolved, after } = review({ ...scene, allocations: [held] }, ({ ledger }) => {
      release(held, ledger);
      ledger.record('registered', allocation(8000, { id: 'next' }));
    });
    expect([opened, resolved]).toEqual([[collision], [collision]]);
    expect(after.conflicts).toMatchObject([{ allocationId: 'next' }]);
  });

  it('of three codebases is told as it is, until one is left', () => {
    const three = [configuring('bank', 8000), configuring('inn', 8000), configuring('shop', 8000)];
    const first = review({ codebases: three }, register('shop', 8000)).after;
    expect(first.conflicts).toMatchObject([
      { message: expect.stringContaining('bank (bank) and inn (inn) and shop (shop)') },
    ]);
    const second = review({ ...first, codebases: three }, register('shop', 8001));
    expect(second).toMatchObject({ opened: [], resolved: [] });
    expect(second.after.conflicts).toMatchObject([
      { message: expect.stringMatching(/codebases bank \(bank\) and inn \(inn\) c/) },
    ]);
    const two = [configuring('bank', 8000), configuring('inn', 8000), configuring('shop', 8001)];
    expect(review({ ...second.after, codebases: two }, register('inn')).resolved).toEqual([collision]);
  });
});

describe('a configured port on several hosts', () => {
  const pier = 'pier';
  const shop = codebase('shop', { primaryPort: asPort(8000) });
  const bank = codebase('bank', { primaryPort: asPort(8000) });

  /** What opens and resolves when an instance registers a codebase, as the registry does it: without the hosts' occupancy. */
  function register(each: Codebase, observedHost: string, scene: Scene) {
    const { ledger: loaded, policy } = seed({ codebases: scene.codebases ?? [] });
    const books = new Map([quay, pier].map((name) => [name, new ConflictBook()]));
    for (const conflict of scene.conflicts ?? []) books.get(conflict.hostName)?.put(conflict);
    const hosts = new Map(
      [...books].map(([name, conflicts]) => [
        name,
        { occupancy: new Occupancy(), conflicts, scannedAt: null, observedTime: null, historyTime: null },
      ]),
    );
    let ids = 0;
    const ledger = new Ledger({
      now: noon,
      newId: () => `${observedHost} ${++ids}`,
      catalog: loaded.catalog,
      hosts,
      worktrees: [],
      allocations: scene.allocations ?? [],
    });
    ledger.putCodebase(each);
    reviewChanges(ledger, policy, observedHost);
    const { opened, resolved } = ledger.conflicts.changedSince(0);
    const told = ({ hostName, port }: Conflict) => `${hostName} ${port}`;
    return { opened: opened.map(told).sort(), resolved: resolved.map(told).sort(), lasting: ledger.conflicts.all() };
  }

  it('is told on each host on which somebody else holds it', () => {
    const allocations = [allocation(8000, { id: 'here' }), allocation(8000, { id: 'there', hostName: pier })];
    const { opened, lasting } = register(shop, quay, { allocations });
    expect(opened).toEqual(['pier 8000', 'quay 8000']);
    const moved = register(codebase('shop'), pier, { allocations, conflicts: lasting, codebases: [shop] });
    expect(moved.resolved).toEqual(['pier 8000', 'quay 8000']);
  });

  it('of two codebases is told once, whichever instance finds it again', () => {
    const { opened, lasting } = register(bank, quay, { codebases: [shop] });
    expect(opened).toEqual(['quay 8000']);
    const again = register(bank, pier, { codebases: [shop, bank], conflicts: lasting });
    expect(again).toMatchObject({ opened: [], resolved: [] });
    expect(register(codebase('bank'), pier, { codebases: [shop, bank], conflicts: again.lasting }).resolved).toEqual([
      'quay 8000',
    ]);
  });
});
