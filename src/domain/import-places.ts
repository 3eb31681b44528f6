import { fingerprint } from './fingerprint.ts';
import { type ImportedCodebase, type ImportedWorktree, type Judgement, judged } from './import-report.ts';
import type { Ledger } from './ledger.ts';
import { missingCodebase } from './parties.ts';
import type { Codebase, Worktree } from './registry-model.ts';

/**
 * Registers a codebase as it was, unless one with its id or its repository URL is registered. `ids` is told under
 * which id its rows find it.
 */
export function importCodebase(codebase: ImportedCodebase, ledger: Ledger, ids: Map<string, string>): Judgement {
  const { id, name, repositoryUrl } = codebase;
  const sameUrl =
    repositoryUrl === null ? undefined : ledger.catalog.find((each) => each.repositoryUrl === repositoryUrl);
  const known = ledger.catalog.get(id) ?? sameUrl;
  if (!known) {
    ids.set(id, id); // whatever a row of the same id before it was taken for
    ledger.putCodebase({ ...codebase, createdAt: codebase.createdAt ?? ledger.now });
    return judged('CREATED', `The codebase "${name}" is registered as ${id}.`);
  }
  ids.set(id, known.id);
  if (fingerprint(settingsOf(known)) === fingerprint(settingsOf(codebase))) {
    return judged('UNCHANGED', `The codebase "${name}" is registered already, as ${known.id}.`);
  }
  const message = `The codebase ${known.id} is registered with another name, URL, directory or ports: it stays as it is, and its rows go to it.`;
  return judged('CONFLICT', message);
}

const settingsOf = ({
  name,
  repositoryUrl,
  defaultCwd,
  primaryPort,
  servicePorts,
}: Omit<Codebase, 'createdAt' | 'id'>) => [name, repositoryUrl, defaultCwd, primaryPort, servicePorts];

/** Registers a worktree as it was, or keeps a removed one for its history, unless one is known at its path. */
export function importWorktree(worktree: ImportedWorktree, ledger: Ledger): Judgement {
  const { id, hostName, path, codebaseId, removedAt } = worktree;
  const missing = missingCodebase(ledger, codebaseId);
  if (missing) return judged('INVALID', missing.message);
  const known = ledger.worktreeAt(hostName, path);
  if (known && (!known.removedAt || removedAt)) return compare(worktree, known);
  const idIsFree = id !== null && !ledger.worktree(id);
  ledger.putWorktree({
    ...worktree,
    id: known?.id ?? (idIsFree ? id : ledger.newId()),
    registeredAt: worktree.registeredAt ?? ledger.now,
    missingSince: null,
    misses: 0,
    device: null,
  });
  const state = removedAt ? `, removed at ${removedAt.toISOString()}, is kept as history` : ' is registered';
  return judged('CREATED', `The worktree ${path} on ${hostName}${state}.`);
}

function compare({ path, hostName, codebaseId, removedAt }: ImportedWorktree, known: Worktree): Judgement {
  const isOthers = codebaseId !== null && known.codebaseId !== null && known.codebaseId !== codebaseId;
  if (isOthers && !removedAt) {
    const message = `The worktree ${path} on ${hostName} belongs to the codebase ${known.codebaseId}, and the row says ${codebaseId}: it stays as it is.`;
    return judged('CONFLICT', message);
  }
  return judged('UNCHANGED', `The worktree ${path} on ${hostName} is known already.`);
}
