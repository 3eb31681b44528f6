/** What a decision came to: an outcome, or the ports that must be probed before it can be made. */
export type Decision<Outcome> = { readonly outcome: Outcome } | { readonly unprobed: readonly number[] };

export type ProbeResult = 'free' | 'listening';

/** What is known of who listens on a host; undefined where nobody has looked lately. */
export type Probed = (hostName: string, port: number) => ProbeResult | undefined;

export const decided = <Outcome>(outcome: Outcome): Decision<Outcome> => ({ outcome });
