import type { InputFields } from './builder.ts';

/** How arguments and inputs that take a host say which one it is. */
export const hostDescription = "A host's name. Left out: the host that this server observes.";

/** The host of an input. */
export const hostField = (t: InputFields) => t.string({ description: hostDescription });
