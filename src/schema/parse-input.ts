import type { z } from 'zod';
import { InvalidInput } from '../domain/refusals.ts';

/** What the rest of the code works with, from what a client sent; refuses with every misfit at once. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new InvalidInput(result.error.issues.map(({ path, message }) => ({ path: path.map(String), message })));
}
