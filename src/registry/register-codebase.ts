import { type CodebaseRegistration, decideCodebaseRegistration, type RegisteredCodebase } from '../domain/codebases.ts';
import { decided } from '../domain/decision.ts';
import type { InvalidInput } from '../domain/refusals.ts';
import type { RegistryContext } from './context.ts';
import { expectsNothing, noReads } from './operation.ts';

/** Creates a codebase or brings it up to date. Its ports bind on every host, so no allocation is decided meanwhile. */
export function registerCodebase(
  context: RegistryContext,
  registration: CodebaseRegistration,
): Promise<RegisteredCodebase | InvalidInput> {
  return context.writer.submit({
    name: 'register-codebase',
    hosts: 'everything',
    reads: noReads,
    expects: expectsNothing,
    decide: ({ ledger }) => decided(decideCodebaseRegistration(registration, ledger)),
  });
}
