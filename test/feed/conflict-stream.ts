import { expect } from 'vitest';
import type { SeenListener } from '../../src/domain/observation.ts';
import type { Registry } from '../../src/registry/registry.ts';
import type { LoggedConflict } from '../../src/storage/conflict-log.ts';
import type { Sql } from '../../src/storage/database.ts';
import { listener } from '../support/registry.ts';

const stateOf = ({ conflict }: LoggedConflict) => (conflict.resolvedAt ? 'resolved' : 'open');

/** What a subscriber is told next, so many times: `8000 open`. */
export async function told(conflicts: AsyncIterator<LoggedConflict>, count: number): Promise<string[]> {
  const seen: string[] = [];
  while (seen.length < count) {
    const { done, value } = await conflicts.next(); // in order
    if (done) break;
    seen.push(`${value.conflict.port} ${stateOf(value)}`);
  }
  return seen;
}

/** What listens in a turn, so that each scan opens and resolves some conflicts. */
const listening = (turn: number) =>
  Array.from({ length: 12 }, (_, index) => 8_100 + index).filter((port) => (port * 7 + turn * 5) % 3 > 0);

/** Scans after scans, with other listeners each time. A scan that fails is repeated. */
export async function churn(registry: Registry, listeners: SeenListener[], turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await scanWith(registry, listeners, listening(turn)); // in turn
}

/** Scans until it is committed while these ports are listened on, and no others. */
export async function scanWith(registry: Registry, listeners: SeenListener[], ports: readonly number[]): Promise<void> {
  listeners.splice(0, listeners.length, ...ports.map((port) => listener(port)));
  while (!(await registry.scanHost().catch(() => undefined))); // one after the other
}

/** Everything that opened and resolved, by number, past everything that the feed does. */
export async function readLog(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ place: string }>(
    `SELECT number || ' ' || state || ' ' || id AS place FROM (
       SELECT opened_number AS number, 'open' AS state, id FROM wharfinger.conflict
       UNION ALL SELECT resolved_number, 'resolved', id FROM wharfinger.conflict WHERE resolved_number IS NOT NULL
     ) AS places ORDER BY number`,
  );
  return rows.map(({ place }) => place);
}

/** Reads until something is told of a port. */
export async function readUntil(conflicts: AsyncIterable<LoggedConflict>, port: number): Promise<LoggedConflict[]> {
  const seen: LoggedConflict[] = [];
  for await (const each of conflicts) {
    seen.push(each);
    if (each.conflict.port === port) break;
  }
  return seen;
}

/**
 * That each subscriber was told what was open when it began, then each change after that once and in order: what
 * it was told is everything that was open at some place of the log, and the log from there on.
 */
export function expectWhole(told: readonly (readonly LoggedConflict[])[], log: readonly string[]): void {
  const open = new Map<string, string>();
  const wholes = new Set([log.join('\n')]);
  for (const [index, place] of log.entries()) {
    const [, state, id = ''] = place.split(' ');
    if (state === 'open') open.set(id, place);
    else open.delete(id);
    wholes.add([...open.values(), ...log.slice(index + 1)].join('\n'));
  }
  for (const seen of told) {
    const places = seen.map((each) => `${each.number} ${stateOf(each)} ${each.conflict.id}`);
    expect(wholes).toContain(places.join('\n'));
  }
}
