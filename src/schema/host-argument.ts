import { z } from 'zod';
import type { InputFields } from './builder.ts';
import { hostName, optional } from './input-rules.ts';

/** How arguments and inputs that take a host say which one it is. */
export const hostDescription = "A host's name. Left out: the host that this server observes.";

/** The host of an input. */
export const hostField = (t: InputFields) => t.string({ description: hostDescription });

/** The host that arguments of a query name, null where they name none. */
export const hostInput = z.object({ host: optional(hostName) });
