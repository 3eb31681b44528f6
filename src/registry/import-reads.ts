import type { ImportRow } from '../domain/import-report.ts';
import type { LedgerReads } from '../storage/ledger-reads.ts';

/** The host that a row is about, if any. */
export function hostOf(row: ImportRow): string | undefined {
  if (row.kind === 'claim') return row.claim.hostName;
  return row.kind === 'worktree' ? row.worktree.hostName : undefined;
}

/** What must be seen to decide an import. */
export function readsOf(rows: readonly ImportRow[]): LedgerReads {
  const claims = rows.flatMap((row) => (row.kind === 'claim' ? [row.claim] : []));
  const worktrees = rows.flatMap((row) => (row.kind === 'worktree' ? [row.worktree] : []));
  const codebases = rows.flatMap((row) => (row.kind === 'codebase' ? [row.codebase] : []));
  const paths = [
    ...worktrees,
    ...claims.flatMap(({ hostName, owner: { worktreePath: path } }) => (path === null ? [] : [{ hostName, path }])),
  ];
  const places = new Map(paths.map(({ hostName, path }) => [JSON.stringify([hostName, path]), { hostName, path }]));
  const ids = [...worktrees.map(({ id }) => id), ...claims.map(({ kept }) => kept?.id ?? null)];
  return {
    worktrees: [...places.values()].map((place) => ({ ...place, withAllocations: false })),
    ports: claims.map(({ hostName, port }) => ({ hostName, port })),
    ids: ids.filter((id) => id !== null),
    ...(codebases.length > 0 ? { configuredPorts: codebases.flatMap(portsOf) } : {}),
  };
}

const portsOf = ({ primaryPort, servicePorts }: Extract<ImportRow, { kind: 'codebase' }>['codebase']) => [
  ...Object.values(servicePorts),
  ...(primaryPort === null ? [] : [primaryPort]),
];
