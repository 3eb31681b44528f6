import type { Surroundings } from '../domain/choose.ts';
import type { Decision } from '../domain/decision.ts';
import type { Environment } from '../domain/policy.ts';
import type { LedgerReads } from '../storage/ledger-reads.ts';

/** Something that a caller wants done: what must be locked and read for it, and how it is decided. */
export interface Operation<Outcome> {
  /** What it is called in the metrics. */
  readonly name: string;
  readonly hosts: readonly string[] | 'everything';
  /** Where it claims ports although it locks everything. Default: nowhere. */
  readonly claimsOn?: readonly string[];
  readonly reads: LedgerReads;
  /** The ports that it will probably be given or asked about, so that they can be probed beforehand. */
  readonly expects: Expectation;
  /** Decides from what was read, and records the changes. It is asked again after probing, where it wants ports probed. */
  decide(surroundings: Surroundings): Decision<Outcome>;
}

export interface Expectation {
  readonly ports: readonly number[];
  /** How many ports of an environment's range it takes. */
  readonly automatic: { readonly environment: Environment; readonly count: number } | null;
}

export const noReads: LedgerReads = {};
export const expectsNothing: Expectation = { ports: [], automatic: null };
