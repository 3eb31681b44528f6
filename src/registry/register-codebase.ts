import { type CodebaseRegistration, decideCodebaseRegistration, type RegisteredCodebase } from '../domain/codebases.ts';
import { decided } from '../domain/decision.ts';
import type { InvalidInput } from '../domain/refusals.ts';
import type { RegistryContext } from './context.ts';
import { expectsNothing } from './operation.ts';

/** Creates a codebase or brings it up to date. Its ports bind on every host, so no allocation is decided meanwhile. */
export function registerCodebase(
  context: RegistryContext,
  registration: CodebaseRegistration,
): Promise<RegisteredCodebase | InvalidInput> {
  return context.writer.submit({
    name: 'register-codebase',
    hosts: 'everything',
    reads: { configuredPorts: [...configuredPortsOf(registration)] },
    expects: expectsNothing,
    decide: ({ ledger }) => decided(decideCodebaseRegistration(registration, ledger)),
  });
}

/** Whoever holds one of them on any host may come to hold another codebase's port. */
function configuredPortsOf({ ports }: CodebaseRegistration): Set<number> {
  const { primaryPort, servicePorts } = ports ?? { primaryPort: null, servicePorts: {} };
  const configured = new Set<number>(Object.values(servicePorts));
  return primaryPort === null ? configured : configured.add(primaryPort);
}
