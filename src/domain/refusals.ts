import { describeListener, type PlacedListener } from './listeners.ts';
import { describeOwner } from './owner.ts';
import type { Environment, PortSpan, UnavailableReason } from './policy.ts';
import type { Port } from './port.ts';
import type { Allocation } from './registry-model.ts';

/** What a caller can act on: an answer with fields, never a fault. Its message is the fact, then the remedy. */
export type Refusal = PortUnavailable | RangeExhausted | NotOwner | NotFound | InvalidInput;

/** Thrown or returned alike; it carries no stack, since nothing is broken. */
abstract class RefusalBase extends Error {
  constructor(message: string) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
  }
}

interface UnavailablePort extends Omit<PortUnavailable, keyof Error | 'code'> {
  /** The environment's. */
  readonly range: PortSpan;
}

/** The port cannot be had, for these reasons. */
export class PortUnavailable extends RefusalBase {
  readonly code = 'PORT_UNAVAILABLE';
  readonly hostName: string;
  readonly port: Port;
  readonly environment: Environment;
  readonly reasons: readonly UnavailableReason[];
  readonly holder: Allocation | null;
  /** What listens on it; null where nobody does, or it cannot be told. */
  readonly listener: PlacedListener | null;
  /** Free ports to ask for instead. */
  readonly suggestions: readonly Port[];

  constructor(facts: UnavailablePort, message = explainUnavailable(facts)) {
    super(message);
    this.hostName = facts.hostName;
    this.port = facts.port;
    this.environment = facts.environment;
    this.reasons = facts.reasons;
    this.holder = facts.holder;
    this.listener = facts.listener;
    this.suggestions = facts.suggestions;
  }
}

/** The range has fewer free ports for this caller than are asked for. */
export class RangeExhausted extends RefusalBase {
  readonly code = 'RANGE_EXHAUSTED';
  readonly hostName: string;
  readonly environment: Environment;

  constructor({ hostName, environment, range, wanted, free }: ShortRange) {
    const which = `the ${environment} range ${range.start}-${range.end} on ${hostName}`;
    const fact =
      free === 0 ? `No port of ${which} is free` : `Only ${free} of the ${wanted} ports asked for are free in ${which}`;
    super(`${fact}: release what is no longer used, or widen the range.`);
    this.hostName = hostName;
    this.environment = environment;
  }
}

interface ShortRange {
  readonly hostName: string;
  readonly environment: Environment;
  readonly range: PortSpan;
  /** How many free ports are asked for, and how many of them there are. */
  readonly wanted: number;
  readonly free: number;
}

/** Somebody else holds it. */
export class NotOwner extends RefusalBase {
  readonly code = 'NOT_OWNER';
  readonly holder: Allocation;

  constructor(
    holder: Allocation,
    message = `${describeHolder(holder)}: ask its owner, act on the owner's behalf, or use force.`,
  ) {
    super(message);
    this.holder = holder;
  }
}

/** There is no such thing. */
export class NotFound extends RefusalBase {
  readonly code = 'NOT_FOUND';
}

export interface InputIssue {
  /** From the input object inwards. */
  readonly path: readonly string[];
  readonly message: string;
}

/** What was sent does not fit; every misfit is listed. */
export class InvalidInput extends RefusalBase {
  readonly code = 'INVALID_INPUT';
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super(issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join(' '));
    this.issues = issues;
  }
}

/** Whether an outcome is a refusal. */
export function isRefusal(outcome: unknown): outcome is Refusal {
  return outcome instanceof RefusalBase;
}

/** Who holds a port, as the beginning of a sentence. */
export function describeHolder(holder: Allocation): string {
  const { port, hostName, serviceName, environment, status, allocatedAt } = holder;
  const since = allocatedAt.toISOString();
  const up = status === 'active' ? ', which was seen listening,' : '';
  return `Port ${port} on ${hostName} is held by the ${environment} service "${serviceName}" of ${describeOwner(holder.owner)}${up} since ${since}`;
}

const reasonSentences: Record<Exclude<UnavailableReason, 'ALLOCATED' | 'LISTENING' | 'OUT_OF_RANGE'>, string> = {
  RESERVED: 'it is reserved (RESERVED_PORTS)',
  QUARANTINED: 'another owner released it a moment ago and may come back',
  CONFIGURED_ELSEWHERE: 'another codebase configures it for one of its services',
  PRIVILEGED: 'ports below 1024 need privileges',
};

/** Why a port cannot be had, in a sentence or two. */
export function explainReasons(
  facts: Pick<UnavailablePort, 'hostName' | 'port' | 'environment' | 'range' | 'reasons' | 'holder' | 'listener'>,
): string {
  const { hostName, port, environment, range, reasons, holder, listener } = facts;
  const others = reasons.flatMap((reason) => {
    if (reason === 'ALLOCATED') return [];
    if (reason === 'LISTENING')
      return [`${listener ? describeListener(listener) : 'something'} listens on it right now`];
    if (reason === 'OUT_OF_RANGE') return [`it lies outside the ${environment} range ${range.start}-${range.end}`];
    return [reasonSentences[reason]];
  });
  const because = others.length > 0 ? `Port ${port} on ${hostName} cannot be had: ${others.join('; ')}.` : '';
  if (!reasons.includes('ALLOCATED')) return because;
  const held = holder ? describeHolder(holder) : `Port ${port} on ${hostName} is held`;
  return `${held}. ${because}`.trimEnd();
}

function explainUnavailable(facts: UnavailablePort): string {
  const { suggestions, environment, reasons } = facts;
  const remedy =
    suggestions.length > 0
      ? `Take ${suggestions.join(', ')}, or ask without an exact port.`
      : `The ${environment} range has no free port either: release what is no longer used.`;
  const isOnlyListenedOn = reasons.length === 1 && reasons[0] === 'LISTENING';
  const force = isOnlyListenedOn ? ' If what listens is the service itself, use force.' : '';
  return `${explainReasons(facts)} ${remedy}${force}`;
}
