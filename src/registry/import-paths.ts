import type { ImportRow } from '../domain/import-report.ts';
import { InvalidInput } from '../domain/refusals.ts';
import { canonicalPath } from './owner-paths.ts';

/** Paths as the registry knows them; a row whose path leads to one that cannot be kept is invalid. */
export async function withCanonicalPaths(rows: readonly ImportRow[], observedHost: string): Promise<ImportRow[]> {
  const known = new Map<string, string | InvalidInput>();
  const canonical = async (hostName: string, path: string) => {
    const key = JSON.stringify([hostName, path]);
    const found = known.get(key) ?? (await canonicalPath(path, hostName === observedHost).catch(refusalOf));
    known.set(key, found);
    return found;
  };
  const settled: ImportRow[] = [];
  for (const row of rows) settled.push(await withCanonicalPath(row, canonical)); // each takes a thread of the few for files
  return settled;
}

async function withCanonicalPath(
  row: ImportRow,
  canonical: (hostName: string, path: string) => Promise<string | InvalidInput>,
): Promise<ImportRow> {
  if (row.kind === 'worktree') {
    const path = await canonical(row.worktree.hostName, row.worktree.path);
    if (typeof path !== 'string') return unreadable(row, path);
    return { ...row, worktree: { ...row.worktree, path } };
  }
  if (row.kind !== 'claim' || row.claim.owner.worktreePath === null) return row;
  const worktreePath = await canonical(row.claim.hostName, row.claim.owner.worktreePath);
  if (typeof worktreePath !== 'string') return unreadable(row, worktreePath);
  return { ...row, claim: { ...row.claim, owner: { ...row.claim.owner, worktreePath } } };
}

function unreadable(row: ImportRow, { message }: InvalidInput): ImportRow {
  const { port, serviceName } = row.kind === 'claim' ? row.claim : { port: null, serviceName: null };
  return { line: row.line, kind: 'unreadable', problem: message, port, serviceName };
}

function refusalOf(error: unknown): InvalidInput {
  if (error instanceof InvalidInput) return error;
  throw error;
}
