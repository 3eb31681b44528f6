import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideBackfill } from '../../src/domain/backfill.ts';
import { mostWishes, type NamedPort, wishesOf } from '../../src/domain/backfill-wishes.ts';
import { asPort } from '../../src/domain/port.ts';
import { isRefusal } from '../../src/domain/refusals.ts';
import { backfill, codebases, found, named } from './backfill-scenes.ts';
import { allocation, outcomeOf, seed, span } from './seed.ts';

describe('what is wished for', () => {
  const range = span(8000, 8099);
  const wishes = (...ports: NamedPort[]) => wishesOf(ports, 'shop', range);

  it.each([
    ['API_PORT', 'api'],
    ['WEB_SERVER_PORT', 'web-server'],
    ['Web__Server_PORT', 'web-server'],
    ['_X_PORT', 'x'],
    ['PORT', 'shop'],
  ])('by %s is a port for %s', (variable, serviceName) => {
    expect(wishes(named(variable, 8000)).wishes).toEqual([{ named: named(variable, 8000), serviceName }]);
  });

  it.each([
    ['lies outside the range', [named('DB_PORT', 5432)], 'it lies outside the dev range 8000-8099'],
    ['is that of another variable', [named('PORT', 8000), named('DB_PORT', 8000)], 'PORT names the same port'],
    [
      'is for the same service as that of another variable',
      [named('PORT', 8000), named('SHOP_PORT', 8001)],
      'PORT names the port of the service "shop"',
    ],
    [
      'is one too many',
      Array.from({ length: mostWishes + 1 }, (_, index) => named(`S${index}_PORT`, 8000 + index)),
      'at most 20 ports of a worktree are taken over',
    ],
  ])('is nothing by a port that %s', (_what, ports, because) => {
    const { wishes: wished, leftAlone } = wishes(...ports);
    expect(leftAlone).toEqual([{ named: ports.at(-1), because }]);
    expect(wished).toHaveLength(ports.length - 1);
  });
});

describe('any backfill', () => {
  const path = fc.integer({ min: 0, max: 5 }).map((index) => `/src/w${index}`);
  const names = fc.uniqueArray(
    fc.record({
      variable: fc.constantFrom('PORT', 'API_PORT', 'WEB_PORT', 'DB_PORT'),
      port: fc.constantFrom(3000, 5432, 8000, 8001, 8002, 8003, 8012).map(asPort),
      file: fc.constantFrom('.env', '.env.local'),
    }),
    { selector: ({ variable }) => variable },
  );
  const worktrees = fc
    .uniqueArray(fc.tuple(path, names), { selector: ([each]) => each })
    .map((some) => some.map(([each, ports]) => found(each, ports)));
  const taken = fc.uniqueArray(fc.integer({ min: 8000, max: 8009 }), { maxLength: 6 });

  it('gives each worktree ports of its own, a port named by one and free to it, and nothing when repeated', () => {
    fc.assert(
      fc.property(worktrees, taken, taken, (some, heldPorts, listening) => {
        const surroundings = seed({ codebases, allocations: heldPorts.map((port) => allocation(port)), listening });
        const outcome = outcomeOf(decideBackfill(backfill(...some), surroundings));
        if (isRefusal(outcome)) {
          expect(surroundings.ledger.changes().events).toEqual([]);
          return;
        }
        const given = outcome.flatMap(({ allocations }) => allocations.map(({ port }) => port as number));
        expect(new Set(given).size).toBe(given.length);
        expect(given.filter((port) => heldPorts.includes(port) || listening.includes(port))).toEqual([]);
        expect(outcome.every(({ allocations }) => allocations.length > 0)).toBe(true);
        for (const [index, { namedPorts }] of some.entries()) {
          const mine = outcome[index]?.allocations.map(({ port }) => port) ?? [];
          for (const { port } of wishesOf(namedPorts, 'x', span(8000, 8009)).wishes.map((wish) => wish.named)) {
            const isFirst = some.slice(0, index).every((other) => !other.namedPorts.some((name) => name.port === port));
            const isFree = !heldPorts.includes(port) && !listening.includes(port) && port >= 8000 && port <= 8009;
            if (isFirst && isFree && port !== 8007) expect(mine).toContain(port);
          }
        }
        const events = surroundings.ledger.changes().events.length;
        const again = outcomeOf(decideBackfill(backfill(...some), surroundings));
        expect(again).toMatchObject(
          outcome.map(({ allocations }) => ({
            created: false,
            allocations: [...allocations].sort((a, b) => a.port - b.port),
          })),
        );
        expect(surroundings.ledger.changes().events).toHaveLength(events);
      }),
    );
  });
});
