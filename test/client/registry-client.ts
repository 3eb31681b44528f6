import { onTestFinished } from 'vitest';
import {
  createRegistryClient,
  isRefusal,
  type RefusalOf,
  type RegistryClientOptions,
} from '../../src/client/client.ts';

/** A client that is closed when the test ends. */
export function openClient(options: RegistryClientOptions) {
  const client = createRegistryClient(options);
  onTestFinished(() => client.close());
  return client;
}

/** The success of a mutation. */
export function granted<Result extends { readonly __typename: string }>(result: Result) {
  if (isRefusal(result)) throw new Error(`was refused: ${JSON.stringify(result)}`);
  return result as Exclude<Result, RefusalOf<Result>>; // just checked
}
