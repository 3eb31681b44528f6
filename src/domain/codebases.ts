import type { Ledger } from './ledger.ts';
import type { Port } from './port.ts';
import { InvalidInput } from './refusals.ts';
import type { Codebase } from './registry-model.ts';

/** What is undefined stays as it is; null clears it. */
export interface CodebaseRegistration {
  readonly id?: string | undefined;
  readonly name: string;
  readonly repositoryUrl?: string | null | undefined;
  readonly defaultCwd?: string | null | undefined;
  readonly ports?:
    | { readonly primaryPort: Port | null; readonly servicePorts: Readonly<Record<string, Port>> }
    | null
    | undefined;
}

export interface RegisteredCodebase {
  readonly codebase: Codebase;
  readonly created: boolean;
}

/**
 * Creates a codebase or brings one up to date: the one with the id, else the one with the repository
 * URL, else, where neither is given, the one of that name and directory that has no URL.
 */
export function decideCodebaseRegistration(
  registration: CodebaseRegistration,
  ledger: Ledger,
): RegisteredCodebase | InvalidInput {
  const { id, name, repositoryUrl, defaultCwd, ports } = registration;
  const sameUrl = repositoryUrl
    ? ledger.catalog.find((codebase) => codebase.repositoryUrl === repositoryUrl)
    : undefined;
  const known =
    id === undefined
      ? (sameUrl ?? (repositoryUrl ? undefined : sameCheckout(registration, ledger)))
      : ledger.catalog.get(id);
  if (sameUrl && sameUrl !== known) {
    const message = `${repositoryUrl} is registered as the codebase ${sameUrl.id}: use that id, or leave the id out.`;
    return new InvalidInput([{ path: ['repositoryUrl'], message }]);
  }
  const configured = ports === undefined ? (known ?? noPorts) : (ports ?? noPorts);
  const codebase: Codebase = {
    id: known?.id ?? id ?? ledger.newId(),
    name,
    repositoryUrl: repositoryUrl === undefined ? (known?.repositoryUrl ?? null) : repositoryUrl,
    defaultCwd: defaultCwd === undefined ? (known?.defaultCwd ?? null) : defaultCwd,
    primaryPort: configured.primaryPort,
    servicePorts: configured.servicePorts,
    createdAt: known?.createdAt ?? ledger.now,
  };
  return { codebase: ledger.putCodebase(codebase), created: !known };
}

const noPorts = { primaryPort: null, servicePorts: {} };

function sameCheckout({ name, defaultCwd }: CodebaseRegistration, ledger: Ledger): Codebase | undefined {
  return ledger.catalog.find(
    (codebase) =>
      codebase.repositoryUrl === null && codebase.name === name && codebase.defaultCwd === (defaultCwd ?? null),
  );
}
