import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Finding, refreshed } from '../../src/domain/conflict-book.ts';
import type { ConflictLedger } from '../../src/domain/conflict-ledger.ts';
import { portSquatted, unregisteredListener } from '../../src/domain/conflicts.ts';
import type { Conflict } from '../../src/domain/registry-model.ts';
import { allocation, fromNoon, inWorktree, noon, placed, quay, seed, worktree } from './seed.ts';

const worktrees = [worktree('/shop'), worktree('/bank')];
const node = (facts: object = {}) => placed(8000, { workingDirectory: '/opt/a', ...facts }, worktrees);
const found = (facts: object = {}): Finding => unregisteredListener(quay, 'dev', node(facts));
const unseen = unregisteredListener(quay, 'dev', placed(8000, null));

/** The conflicts of a host on which these are known, at a time. */
const ledgerOf = (conflicts: readonly Conflict[] = [], now = noon): ConflictLedger =>
  seed({ conflicts, now }).ledger.conflicts;
const open = (finding = found()): Conflict => ({ ...ledgerOf().raise(finding), id: 'known' });
const states = (ledger: ConflictLedger) => ledger.changes().conflictChanges.map(({ state }) => state);

describe('a conflict that is found', () => {
  it('opens once, with the time and an id', () => {
    const ledger = ledgerOf();
    const conflict = ledger.raise(found());
    expect(conflict).toEqual({ ...found(), id: 'new 1', detectedAt: noon, resolvedAt: null, dismissed: false });
    expect(ledger.raise(found())).toBe(conflict);
    expect(ledger.changes()).toEqual({
      conflicts: [conflict],
      conflictChanges: [{ state: 'open', conflictId: 'new 1' }],
    });
    expect(ledger.on(quay).all()).toEqual([conflict]);
    expect(ledger.all()).toEqual([conflict]);
  });

  it('is the same one while it lasts, and not written where nothing differs', () => {
    const known = open();
    const ledger = ledgerOf([known], fromNoon(1));
    expect(ledger.raise(found())).toBe(known);
    expect(ledger.changes()).toEqual({ conflicts: [], conflictChanges: [] });
  });

  it('is not written because the database keeps the keys in another order', () => {
    const known = open();
    const backwards = (value: object) => Object.fromEntries(Object.entries(value).reverse());
    const stored = { ...backwards(known), listener: backwards(known.listener ?? {}) } as unknown as Conflict;
    expect(refreshed(stored, found())).toBe(stored);
  });

  it('is brought up to date in place, whatever program it is about now', () => {
    const known = open();
    const ledger = ledgerOf([known], fromNoon(1));
    const other = found({ id: 9, name: 'python3', workingDirectory: '/opt/b' });
    expect(ledger.raise(other)).toEqual({ ...known, ...other });
    expect(ledger.changes()).toEqual({ conflicts: [{ ...known, ...other }], conflictChanges: [] });
  });

  it('is another one once it was settled', () => {
    const ledger = ledgerOf();
    const first = ledger.settle(ledger.raise(found()));
    const second = ledger.raise(found());
    expect(first).toMatchObject({ id: 'new 1', resolvedAt: noon, dismissed: false });
    expect(second).toMatchObject({ id: 'new 2', resolvedAt: null });
    expect(ledger.changes()).toEqual({
      conflicts: [first, second],
      conflictChanges: [
        { state: 'open', conflictId: 'new 1' },
        { state: 'resolved', conflictId: 'new 1' },
        { state: 'open', conflictId: 'new 2' },
      ],
    });
  });

  it('belongs to a host that was loaded', () => {
    expect(() => ledgerOf().raise({ ...found(), hostName: 'pier' })).toThrow('The conflicts of pier were not loaded.');
  });
});

describe('a dismissed conflict', () => {
  const dismissed = () => ledgerOf().dismiss(open());

  it.each<[string, Finding]>([
    ['the same process', found()],
    ['the same program after a restart', found({ id: 9, command: 'node server.js --again' })],
    ['something that cannot be seen', unseen],
    ['a process whose name cannot be told', found({ name: null, workingDirectory: '/opt/b' })],
  ])('does not come back for %s', (_what, finding) => {
    const known = dismissed();
    const ledger = ledgerOf([known], fromNoon(1));
    expect(ledger.raise(finding)).toBe(known);
    expect(ledger.changes()).toEqual({ conflicts: [], conflictChanges: [] });
  });

  it.each<[string, Finding]>([
    ['another program', found({ name: 'python3' })],
    ['the same program elsewhere', found({ workingDirectory: '/opt/b' })],
    ['another claim', { ...found(), allocationId: 'another' }],
  ])('is another one for %s', (_what, finding) => {
    const known = dismissed();
    const ledger = ledgerOf([known], fromNoon(1));
    const conflict = ledger.raise(finding);
    expect(conflict).toMatchObject({ id: 'new 1', detectedAt: fromNoon(1), resolvedAt: null, dismissed: false });
    expect(ledger.on(quay).all()).toEqual([conflict]);
    expect(ledger.changes().conflicts).toEqual([{ ...known, dismissed: false }, conflict]);
    // It had resolved when it was dismissed.
    expect(states(ledger)).toEqual(['open']);
  });

  it('comes back once its cause was gone', () => {
    const ledger = ledgerOf([dismissed()], fromNoon(1));
    for (const known of ledger.on(quay).all()) ledger.settle(known);
    expect(states(ledger)).toEqual([]);
    expect(ledger.raise(found())).toMatchObject({ detectedAt: fromNoon(1), resolvedAt: null });
    expect(states(ledger)).toEqual(['open']);
  });

  it('about a listener that could not be seen stays so for any that can', () => {
    const known = ledgerOf().dismiss(open(unseen));
    expect(ledgerOf([known]).raise(found())).toBe(known);
  });

  it('about a squatted port comes back for another holder', () => {
    const [shop, bank] = ['/shop', '/bank'].map((path) =>
      portSquatted(allocation(8000, { owner: inWorktree(path) }), node()),
    ) as [Finding, Finding];
    const known = ledgerOf().dismiss(open(shop));
    expect(ledgerOf([known]).raise(shop)).toBe(known);
    expect(ledgerOf([known]).raise(bank).resolvedAt).toBeNull();
  });
});

describe('settling', () => {
  it.each<[string, ('settle' | 'dismiss')[], Partial<Conflict>]>([
    ['twice', ['settle', 'settle'], { dismissed: false }],
    ['what was dismissed', ['dismiss', 'settle'], { dismissed: false }],
    ['twice by dismissing', ['dismiss', 'dismiss'], { dismissed: true }],
    ['and then dismissing', ['settle', 'dismiss'], { dismissed: false }],
  ])('%s resolves once, even from an outdated copy', (_what, verbs, expected) => {
    const known = open();
    const ledger = ledgerOf([known], fromNoon(1));
    for (const verb of verbs) ledger[verb](known);
    expect(states(ledger)).toEqual(['resolved']);
    expect(ledger.changes().conflicts).toEqual([{ ...known, resolvedAt: fromNoon(1), ...expected }]);
    expect(ledger.on(quay).all()).toHaveLength(expected.dismissed ? 1 : 0);
  });

  it('keeps what was found out since the caller’s copy', () => {
    const known = open();
    const ledger = ledgerOf([known]);
    const fresh = ledger.raise(found({ name: 'python3' }));
    expect(ledger.settle(known)).toEqual({ ...fresh, resolvedAt: noon });
  });

  it('does not end the next conflict of the same cause', () => {
    const ledger = ledgerOf();
    const first = ledger.raise(found());
    ledger.settle(first);
    const second = ledger.raise(found());
    ledger.settle(first);
    expect(ledger.on(quay).all()).toEqual([second]);
  });
});

describe('what opened and resolved', () => {
  it('is told from a point on, as it stands now', () => {
    const ledger = ledgerOf();
    const early = ledger.raise(found());
    const before = ledger.changeCount;
    const other = ledger.raise(unregisteredListener(quay, 'dev', placed(8001, {})));
    const settled = ledger.settle(early);
    expect(ledger.changedSince(before)).toEqual({ opened: [other], resolved: [settled] });
    expect(ledger.changedSince(ledger.changeCount)).toEqual({ opened: [], resolved: [] });
  });

  it('alternates for each cause, whatever happens', () => {
    const action = fc.record({
      verb: fc.constantFrom('raise' as const, 'raise' as const, 'settle' as const, 'dismiss' as const),
      port: fc.constantFrom(8000, 8001),
      name: fc.constantFrom('node', 'python3', null),
    });
    fc.assert(
      fc.property(fc.array(action), (actions) => {
        const ledger = ledgerOf();
        const seen: Conflict[] = [];
        for (const { verb, port, name } of actions) {
          if (verb === 'raise') seen.push(ledger.raise(unregisteredListener(quay, 'dev', placed(port, { name }))));
          else for (const each of seen.filter((conflict) => conflict.port === port)) ledger[verb](each);
        }
        const { conflicts, conflictChanges } = ledger.changes();
        for (const conflict of conflicts) {
          const told = conflictChanges.filter(({ conflictId }) => conflictId === conflict.id).map(({ state }) => state);
          expect(told).toEqual(conflict.resolvedAt ? ['open', 'resolved'] : ['open']);
        }
        for (const port of [8000, 8001]) {
          const lasting = conflicts.filter((each) => each.port === port && (!each.resolvedAt || each.dismissed));
          expect(lasting.length).toBeLessThanOrEqual(1);
          expect(
            ledger
              .on(quay)
              .all()
              .filter((each) => each.port === port),
          ).toEqual(lasting);
        }
      }),
    );
  });
});
