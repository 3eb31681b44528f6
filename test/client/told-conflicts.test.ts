import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Conflict } from '../../src/client/client.ts';
import { ToldConflicts } from '../../src/client/told-conflicts.ts';
import { aConflict } from './conflict.ts';

/** The registry and the way to it, over which a subscription or an answer may take any time. */
class Scene {
  /** What the caller was told, by id. */
  readonly heard = new Map<string, Conflict['state'][]>();
  readonly #told = new ToldConflicts();
  readonly #states = new Map<string, Conflict['state']>();
  /** What the present subscription has still to bring; undefined until it has begun at the registry. */
  #coming: Conflict[] | undefined;
  /** The answer to the last question, as things were when it was asked. */
  #answer: Map<string, Conflict> | undefined;

  readonly steps = {
    open: () => this.#change(`conflict ${this.#states.size}`, 'OPEN'),
    resolve: () => {
      const [first] = this.#opened();
      if (first) this.#change(first, 'RESOLVED');
    },
    reconnect: () => {
      this.#coming = undefined;
      this.#answer = undefined;
      this.#told.beginAnew();
    },
    begin: () => {
      this.#coming ??= this.#opened().map((id) => aConflict(id, 'OPEN'));
    },
    deliver: () => {
      const conflict = this.#coming?.shift();
      if (conflict && this.#told.accept(conflict)) this.#hear(conflict);
    },
    ask: () => {
      this.#answer = new Map([...this.#states].map(([id, state]) => [id, aConflict(id, state)]));
    },
    answer: () => {
      const found = this.#answer;
      if (!found) return;
      for (const id of this.#told.unconfirmed) this.#hear(this.#told.settle(id, found.get(id)));
      this.#answer = undefined;
    },
  };

  /** Everything arrives, and is asked for until nothing is in doubt. */
  calmDown(): void {
    this.steps.begin();
    while (this.#coming?.length) this.steps.deliver();
    this.steps.ask();
    this.steps.answer();
    expect(this.#told.unconfirmed).toEqual([]);
  }

  /** How everything stands that the caller should have been told of. */
  expected(): Map<string, Conflict['state']> {
    return new Map([...this.#states].filter(([id, state]) => state === 'OPEN' || this.heard.has(id)));
  }

  #opened = () => [...this.#states].flatMap(([id, state]) => (state === 'OPEN' ? [id] : []));

  #change(id: string, state: Conflict['state']): void {
    this.#states.set(id, state);
    this.#coming?.push(aConflict(id, state));
  }

  #hear(conflict: Conflict | undefined): void {
    if (conflict) this.heard.set(conflict.id, [...(this.heard.get(conflict.id) ?? []), conflict.state]);
  }
}

it('each conflict is told as open once and as resolved once, however connections, deliveries and answers fall', () => {
  const anyStep = fc.constantFrom(...(Object.keys(new Scene().steps) as (keyof Scene['steps'])[])); // its own keys
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60, size: 'max' }), (steps) => {
      const scene = new Scene();
      for (const step of steps) scene.steps[step]();
      scene.calmDown();
      const expected = scene.expected();
      expect([...scene.heard.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [id, states] of scene.heard) {
        expect(states).toEqual(expected.get(id) === 'OPEN' ? ['OPEN'] : ['OPEN', 'RESOLVED']);
      }
    }),
    { numRuns: 1_000 },
  );
});

it('one that the registry has forgotten is told as resolved, with nothing left to be done', () => {
  const told = new ToldConflicts();
  const conflict = aConflict('lost', 'OPEN');
  told.accept(conflict);
  told.beginAnew();
  expect(told.settle('lost', undefined)).toEqual({ ...conflict, state: 'RESOLVED', actions: [] });
  expect(told.settle('lost', undefined)).toBeUndefined();
});
