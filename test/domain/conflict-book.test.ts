import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConflictBook } from '../../src/domain/conflict-book.ts';
import { portSquatted, unregisteredListener } from '../../src/domain/conflicts.ts';
import type { Conflict } from '../../src/domain/registry-model.ts';
import { known } from './review-batch.ts';
import { allocation, noon, placed, quay } from './seed.ts';

const node = placed(8000, { workingDirectory: '/opt/a' });
const stray = known(unregisteredListener(quay, 'dev', node));

describe('a book of conflicts', () => {
  it('keeps what is open and what is dismissed, one of a cause', () => {
    const book = new ConflictBook();
    const first = stray;
    book.put(first);
    const next = { ...first, id: 'next' };
    book.put({ ...first, resolvedAt: noon });
    expect(book.get(first.cause)).toBeUndefined();
    book.put(next);
    // Read late, it does not end the one that came after it.
    book.put({ ...first, resolvedAt: noon });
    expect(book.all()).toEqual([next]);
    book.put({ ...next, resolvedAt: noon, dismissed: true });
    expect(book.all()).toEqual([{ ...next, resolvedAt: noon, dismissed: true }]);
  });

  it('finds those about an allocation, as they are now', () => {
    const of = (id: string, port = 8000): Conflict => ({
      ...known(portSquatted(allocation(port, { id }), node)),
      id: `${port} of ${id}`,
    });
    const book = new ConflictBook();
    book.put(of('shop'));
    book.put(of('shop', 8001));
    book.put(stray);
    expect(book.about('shop')).toEqual([of('shop'), of('shop', 8001)]);
    // The port has another holder, and the same cause is about that one.
    book.put(of('bank'));
    expect([book.about('shop'), book.about('bank')]).toEqual([[of('shop', 8001)], [of('bank')]]);
    // Settled late, the former holder's does not end it.
    book.put({ ...of('shop'), resolvedAt: noon });
    expect(book.about('bank')).toEqual([of('bank')]);
    const dismissed = { ...of('bank'), resolvedAt: noon, dismissed: true };
    book.put(dismissed);
    expect(book.about('bank')).toEqual([dismissed]);
    book.put({ ...dismissed, dismissed: false });
    expect([book.about('bank'), book.about('nobody')]).toEqual([[], []]);
  });

  it('finds by allocation what looking through all of them finds, whatever was put', () => {
    const anyConflict = fc
      .record({
        port: fc.constantFrom(8000, 8001),
        allocationId: fc.constantFrom('shop', 'bank', null),
        id: fc.constantFrom('a', 'b', 'c'),
        state: fc.constantFrom(
          { resolvedAt: null, dismissed: false },
          { resolvedAt: noon, dismissed: true },
          { resolvedAt: noon, dismissed: false },
        ),
      })
      .map(({ port, allocationId, id, state }) => ({
        ...stray,
        cause: `squatted:${port}`,
        allocationId,
        id,
        ...state,
      }));
    fc.assert(
      fc.property(fc.array(anyConflict, { maxLength: 12 }), (conflicts) => {
        const book = new ConflictBook();
        for (const conflict of conflicts) {
          book.put(conflict);
          for (const id of ['shop', 'bank']) {
            const byId = (a: Conflict, b: Conflict) => (a.cause < b.cause ? -1 : 1);
            const expected = book.all().filter(({ allocationId }) => allocationId === id);
            expect(book.about(id).sort(byId)).toEqual(expected.sort(byId));
          }
        }
      }),
    );
  });
});
