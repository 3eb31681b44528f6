import type { ImportRow } from '../domain/import-report.ts';
import { InvalidInput } from '../domain/refusals.ts';
import type { RegistryContext } from './context.ts';
import { canonicalPath, claimedWorktree } from './owner-paths.ts';

type PathContext = Pick<RegistryContext, 'hostName' | 'paths'>;

/** How many paths are asked about at a time. */
const mostAtOnce = 100;

/** Paths as the registry knows them; a row whose path leads to one that cannot be kept, or is no worktree's, is invalid. */
export async function withCanonicalPaths(context: PathContext, rows: readonly ImportRow[]): Promise<ImportRow[]> {
  const known = new Map<string, Promise<string | InvalidInput>>();
  const canonical: Canonical = (hostName, path, isLive) => {
    const key = JSON.stringify([hostName, path, isLive]);
    const named = { path, hostName, field: [] };
    const found =
      known.get(key) ??
      (isLive ? claimedWorktree(context, named).then((claimed) => claimed.path) : canonicalPath(context, named)).catch(
        refusalOf,
      );
    known.set(key, found);
    return found;
  };
  const settled: ImportRow[] = [];
  for (let at = 0; at < rows.length; at += mostAtOnce) {
    const part = rows.slice(at, at + mostAtOnce);
    settled.push(...(await Promise.all(part.map((row) => withCanonicalPath(row, canonical))))); // others are answered in between
  }
  return settled;
}

type Canonical = (hostName: string, path: string, isLive: boolean) => Promise<string | InvalidInput>;

async function withCanonicalPath(row: ImportRow, canonical: Canonical): Promise<ImportRow> {
  if (row.kind === 'worktree') {
    const { hostName, path: given, removedAt } = row.worktree;
    const path = await canonical(hostName, given, removedAt === null);
    if (typeof path !== 'string') return unreadable(row, path);
    return { ...row, worktree: { ...row.worktree, path } };
  }
  if (row.kind !== 'claim' || row.claim.owner.worktreePath === null) return row;
  const { hostName, owner, kept } = row.claim;
  const worktreePath = await canonical(hostName, row.claim.owner.worktreePath, !kept?.releasedAt);
  if (typeof worktreePath !== 'string') return unreadable(row, worktreePath);
  return { ...row, claim: { ...row.claim, owner: { ...owner, worktreePath } } };
}

function unreadable(row: ImportRow, { message }: InvalidInput): ImportRow {
  const { port, serviceName } = row.kind === 'claim' ? row.claim : { port: null, serviceName: null };
  return { line: row.line, kind: 'unreadable', problem: message, port, serviceName };
}

function refusalOf(error: unknown): InvalidInput {
  if (error instanceof InvalidInput) return error;
  throw error;
}
