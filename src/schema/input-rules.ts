import { z } from 'zod';
import type { Environment } from '../domain/policy.ts';
import type { Port } from '../domain/port.ts';
import { findUnprintable } from '../domain/printable.ts';
import { isAbsolutePath } from '../registry/owner-paths.ts';

// What an index entry holds must stay under 2,704 bytes of PostgreSQL's page together: at worst a host's name, a
// path or an id as the owner, and a service's name, whose 255 characters may take four bytes each.

/** PostgreSQL does not store half a surrogate pair. */
const isWellFormed = (text: string) => text.isWellFormed();
const brokenUnicode = 'It has broken Unicode.';

const hasBytes = (most: number) => (text: string) => Buffer.byteLength(text) <= most;

const text = z
  .string()
  .trim()
  .min(1, 'It is empty.')
  .refine(isWellFormed, brokenUnicode)
  .superRefine((text, context) => {
    const found = findUnprintable(text);
    if (found) context.addIssue(`It contains ${found}, which cannot be printed: remove it.`);
  });

/** A single line of text, without white space around it. */
export const line = (most: number) => text.max(most, `It has at most ${most} characters.`);

/** A line that counts by its bytes in UTF-8. */
export const lineOfBytes = (most: number) => text.refine(hasBytes(most), `It has at most ${most} bytes.`);

/** A name or an id, the caller's own. */
export const identifier = line(255);

export const hostName = lineOfBytes(253).refine((name) => !/\s/.test(name), 'It has no white space.');

export const absolutePath = z
  .string()
  .refine(hasBytes(1_024), 'It has at most 1024 bytes.')
  .refine(isWellFormed, brokenUnicode)
  .superRefine((text, context) => {
    // Other characters that are not printed are taken: a directory may have them in its name.
    const found = /\p{Cc}/u.test(text) && findUnprintable(text.replaceAll(/\P{Cc}/gu, ''));
    if (found) context.addIssue(`It contains the control character ${found}: rename the directory.`);
  })
  .refine(isAbsolutePath, 'It is not an absolute path: resolve it before you send it.');

export const port = z.custom<Port>(); // by its scalar
export const environment = z.custom<Environment>(); // by its enum

/** What may be left out or null, which is the same. */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value): z.output<Schema> | null => value ?? null);

/** A list that names nothing twice. */
export const namedOnce = <Schema extends z.ZodType>(
  list: z.ZodArray<Schema>,
  what: string,
  nameOf: (each: z.output<Schema>) => unknown,
) => list.refine((given) => new Set(given.map(nameOf)).size === given.length, `Each ${what} is named once.`);

/** A filter's list: any of these. PostgreSQL takes 65,535 parameters in one statement, Prisma half of them. */
export const severalOf = <Schema extends z.ZodType>(schema: Schema) =>
  z.array(schema).max(1_000, 'There are at most 1000.');
