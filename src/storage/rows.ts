import { asPort, type Port } from '../domain/port.ts';
import type {
  Allocation,
  AllocationEvent,
  Codebase,
  Conflict,
  Host,
  Listener,
  Worktree,
} from '../domain/registry-model.ts';

/** A row as `to_json` gives it: columns in snake case, times as ISO 8601. */
export type Row = Readonly<Record<string, unknown>>;

const snake = new Map<string, string>();
const camel = new Map<string, string>();

function toSnake(name: string): string {
  const known = snake.get(name) ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  snake.set(name, known);
  return known;
}

function toCamel(name: string): string {
  const known = camel.get(name) ?? name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  camel.set(name, known);
  return known;
}

/** An object as the row that it is stored in, for `jsonb_populate_recordset`. */
export function toRow(object: object): Row {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [toSnake(name), value]));
}

function fromRow(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [toCamel(name), value]));
}

const time = (value: unknown) => new Date(String(value));
const timeOrNull = (value: unknown) => (value === null ? null : time(value));
const portOrNull = (value: unknown) => (value === null ? null : asPort(Number(value)));

/** What an event keeps of an allocation is the same object as JSON, so it is read by the same parser. */
function parseAllocation(object: Row): Allocation {
  return {
    // What events of an older version lack.
    liveness: 'unknown',
    misses: 0,
    ...object,
    port: asPort(Number(object.port)),
    allocatedAt: time(object.allocatedAt),
    releasedAt: timeOrNull(object.releasedAt),
    lastCheckedAt: timeOrNull(object.lastCheckedAt),
    lastActiveAt: timeOrNull(object.lastActiveAt),
    idleSince: timeOrNull(object.idleSince ?? null),
  } as Allocation; // the columns' CHECKs and types say the rest
}

export const allocationFromRow = (row: Row): Allocation => parseAllocation(fromRow(row));

export function hostFromRow(row: Row): Host {
  const { name, lastSeenAt, scannedAt, observedTime, historyTime } = fromRow(row);
  return {
    name: String(name),
    lastSeenAt: timeOrNull(lastSeenAt),
    scannedAt: timeOrNull(scannedAt),
    observedTime: timeOrNull(observedTime),
    historyTime: timeOrNull(historyTime),
  };
}

export function worktreeFromRow(row: Row): Worktree {
  const { revision: _revision, ...object } = fromRow(row);
  return {
    ...object,
    registeredAt: time(object.registeredAt),
    removedAt: timeOrNull(object.removedAt),
    missingSince: timeOrNull(object.missingSince),
  } as Worktree; // the columns' types say the rest
}

/** A process that was not seen has the id 0 in the table, whose key it belongs to. */
export const toListenerRow = (listener: Listener): Row => toRow({ ...listener, processId: listener.processId ?? 0 });

export const listenerFromRow = (row: Row): Listener => parseListener(fromRow(row));

/** In the order in which domain/ writes its fields, since listeners are compared as text. */
function parseListener(object: Row): Listener {
  return {
    hostName: String(object.hostName),
    port: asPort(Number(object.port)),
    addresses: object.addresses as string[], // by the column's type
    processId: Number(object.processId) || null,
    processName: object.processName as string | null,
    command: object.command as string | null,
    workingDirectory: object.workingDirectory as string | null,
    worktreeId: object.worktreeId as string | null,
  };
}

export function conflictFromRow(row: Row): Conflict {
  const { openedNumber: _opened, resolvedNumber: _resolved, revision: _revision, ...object } = fromRow(row);
  return {
    ...object,
    port: portOrNull(object.port),
    listener: object.listener === null ? null : parseListener(object.listener as Row),
    detectedAt: time(object.detectedAt),
    resolvedAt: timeOrNull(object.resolvedAt),
  } as Conflict; // the columns' CHECKs and types say the rest
}

export function codebaseFromRow(row: Row): Codebase {
  const { revision: _revision, ...object } = fromRow(row);
  return {
    ...object,
    primaryPort: portOrNull(object.primaryPort),
    servicePorts: object.servicePorts as Record<string, Port>, // by its CHECK
    createdAt: time(object.createdAt),
  } as Codebase; // the columns' types say the rest
}

export function eventFromRow(row: Row): AllocationEvent {
  const object = fromRow(row);
  return {
    number: Number(object.number),
    kind: object.kind as AllocationEvent['kind'], // by its CHECK
    occurredAt: time(object.occurredAt),
    cause: object.cause as string | null,
    worktreePath: object.worktreePath as string | null,
    allocation: parseAllocation(object.allocation as Row),
  };
}
