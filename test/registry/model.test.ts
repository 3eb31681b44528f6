import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Registry } from '../../src/registry/registry.ts';
import type { Database } from '../../src/storage/database.ts';
import { type Engine, embedded, postgresql } from '../support/databases.ts';
import { listeningOn, openRegistry, policy, span } from '../support/registry.ts';
import { emptyState, observedHost, quarantineMs, ranges, reserved, type State } from './model.ts';
import { anySteps, type Step } from './model-arbitraries.ts';
import { call } from './model-calls.ts';
import { carryOut } from './model-carry-out.ts';
import type { Answer, Command } from './model-commands.ts';
import {
  type Contents,
  contentsOf,
  contentsOfModel,
  empty,
  eventsAfter,
  type LoggedEvent,
  portsHeldTwice,
  rowsThatDifferFromLog,
} from './model-rows.ts';

const house = policy({
  ranges: { dev: span(...ranges.dev), test: span(...ranges.test), production: span(...ranges.production) },
  reserved: new Set(reserved),
  quarantineMs,
});

/** Two instances on one PostgreSQL; the embedded database has one. */
const setups: readonly {
  readonly name: string;
  readonly engine: Engine;
  readonly instances: number;
  readonly numRuns: number;
}[] = [
  { name: 'embedded', engine: embedded, instances: 1, numRuns: 40 },
  { name: 'postgresql, two instances', engine: postgresql, instances: 2, numRuns: 40 },
];

describe.each(setups)('whatever is done, on $name', ({ engine, instances, numRuns }) => {
  it('the registry does what its rules say', { timeout: 120_000 }, async () => {
    const place = await engine.create();
    const databases = await Promise.all(Array.from({ length: instances }, () => place.open()));
    const run = async (steps: Step[]) => runAgainstModel(steps, databases);
    await fc.assert(fc.asyncProperty(anySteps, run), { numRuns });
  });
});

async function runAgainstModel(steps: readonly Step[], databases: readonly Database[]): Promise<void> {
  const [database] = databases;
  if (!database) throw new Error('There is at least one instance.');
  await empty(database);
  let state = emptyState(Date.parse('2026-03-01T12:00:00.000Z'));
  const start = (): Registry[] =>
    databases.map((each) =>
      openRegistry(each, {
        hostName: observedHost,
        policy: house,
        clock: () => new Date(state.now),
        probePort: listeningOn(new Set(state.listening)),
      }),
    );
  let registries = start();
  let lastNumber = 0;
  for (const step of [beginning, ...steps]) {
    if (step.kind === 'restart') {
      state = { ...state, listening: step.listening };
      registries = start();
      continue;
    }
    state = { ...state, now: state.now + step.afterMs };
    // Several at once go to the instances in turn.
    const answers = await Promise.all(
      step.calls.map((each, index) => callOn(registries[(step.instance + index) % registries.length], each)),
    );
    const events = await eventsAfter(database, lastNumber);
    state = explain({ state, commands: step.calls, answers, events, contents: await contentsOf(database) });
    expectAscending(lastNumber, events);
    lastNumber = events.at(-1)?.number ?? lastNumber;
    expect(await rowsThatDifferFromLog(database)).toEqual([]);
    expect(await portsHeldTwice(database)).toEqual([]);
  }
}

function callOn(registry: Registry | undefined, command: Command): Promise<Answer> {
  if (!registry) throw new Error('There is at least one instance.');
  return call(registry, command);
}

/** Most owners have a codebase. */
const beginning: Step = {
  kind: 'calls',
  calls: ['shop', 'bank'].map((id) => ({ verb: 'codebase', id, name: id, url: null, directory: null, ports: null })),
  afterMs: 1,
  instance: 0,
};

interface Observed {
  readonly state: State;
  readonly commands: readonly Command[];
  readonly answers: readonly Answer[];
  readonly events: readonly LoggedEvent[];
  readonly contents: Contents;
}

/**
 * The model's state after the commands. There must be an order of those made at once in which the
 * model gives the same answers, tells the same events, and comes to the same contents.
 */
function explain({ state, commands, answers, events, contents }: Observed): State {
  const observed = { answers, events: inOrder(events.map(({ number: _number, ...event }) => event)), contents };
  const predictions = orders(commands.length).map((order) => {
    const after = structuredClone({ ...state, events: [] });
    const predicted: Answer[] = [];
    for (const index of order) {
      const command = commands[index];
      if (command) predicted[index] = carryOut(after, command);
    }
    return { after, seen: { answers: predicted, events: inOrder(after.events), contents: contentsOfModel(after) } };
  });
  const fitting = predictions.find(({ seen }) => isEqual(seen, observed)) ?? predictions[0];
  if (!fitting) throw new Error('There is at least one order.');
  expect(observed, `what ${JSON.stringify(commands)} came to`).toEqual(fitting.seen);
  return fitting.after;
}

function orders(length: number): number[][] {
  if (length === 0) return [[]];
  return orders(length - 1).flatMap((order) =>
    Array.from({ length }, (_, at) => [...order.slice(0, at), length - 1, ...order.slice(at)]),
  );
}

function isEqual(one: unknown, other: unknown): boolean {
  try {
    expect(one).toEqual(other);
    return true;
  } catch {
    return false;
  }
}

const inOrder = (events: readonly object[]) =>
  events.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

function expectAscending(lastNumber: number, events: readonly LoggedEvent[]): void {
  const numbers = events.map(({ number }) => number);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  expect(numbers.every((number) => number > lastNumber)).toBe(true);
}
