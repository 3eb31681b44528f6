import type { PlacedListener } from './listeners.ts';

/** What a decision came to: an outcome, or the ports that must be probed before it can be made. */
export type Decision<Outcome> = { readonly outcome: Outcome } | { readonly unprobed: readonly number[] };

export type ProbeResult = 'free' | 'listening';

/** What is known of whether a port is listened on; undefined where nobody has looked lately. */
export type Probed = (hostName: string, port: number) => ProbeResult | undefined;

/**
 * Who listens on a port that was found listened on; null where that cannot be told, undefined where
 * nobody has looked. Whoever wants to know says that the port is unprobed.
 */
export type Identified = (hostName: string, port: number) => PlacedListener | null | undefined;

export const decided = <Outcome>(outcome: Outcome): Decision<Outcome> => ({ outcome });
