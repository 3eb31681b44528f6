import { livenessOf } from '../commands/describe.ts';
import type { AnyRefusal } from '../commands/render-refusal.ts';
import { exitCodes } from './exit-codes.ts';
import type { Output } from './output.ts';

/** A refusal as the graph answers it. */
export type ToldRefusal = AnyRefusal & { readonly __typename: string };

/** The registry refused what a command asked for, and nothing else is to be done. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: ToldRefusal;

  constructor(refusal: ToldRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/**
 * Shows a refusal, and ends the command with the code for it: as JSON the whole of it, else what is wrong and what to do; and,
 * where somebody has the port, whether it is up and what not to do.
 */
export function showRefusal(refusal: ToldRefusal, output: Output, { json = false }: { readonly json?: boolean }): void {
  process.exitCode = exitCodes.refused;
  if (json) return void output.json(refusal);
  const { __typename, message, holder, listener } = refusal;
  output.note(`wharfinger: ${message}`);
  const state = holder && holder.liveness !== 'UNKNOWN' ? `Its service is ${livenessOf(holder)}.` : '';
  const isTaken = __typename === 'PortUnavailable' && (holder || listener);
  const advice = isTaken ? 'This is not a bug in your code: take another port, and let who has this one run.' : '';
  if (state || advice) output.note([state, advice].filter(Boolean).join(' '));
}
