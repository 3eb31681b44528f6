import type { z } from 'zod';
import type { ImportedClaim, ImportRow } from '../domain/import-report.ts';
import type { FileRow, RegistryFile } from '../interchange/registry-file.ts';
import { claimRow, codebaseRow, filePort, worktreeRow } from './import-rules.ts';

/** Which host a row is about that names this one, or none. */
type HostOf = (named: string | null) => string;

/** The rows of a file in the order in which they are decided; one that does not fit says why. */
export function toImportRows({ codebases, worktrees, claims }: RegistryFile, hostOf: HostOf): ImportRow[] {
  return [
    ...codebases.map((row) => parseRow(row, codebaseRow, (codebase) => ({ ...row, kind: 'codebase', codebase }))),
    ...worktrees.map((row) =>
      parseRow(row, worktreeRow, ({ host, ...worktree }) => {
        return { ...row, kind: 'worktree', worktree: { ...worktree, hostName: hostOf(host) } };
      }),
    ),
    ...claims.map((row) =>
      parseRow(row, claimRow, (claim) => ({ ...row, kind: 'claim', claim: toClaim(claim, hostOf) })),
    ),
  ];
}

function parseRow<Schema extends z.ZodType>(
  { line, fields }: FileRow,
  schema: Schema,
  toRow: (parsed: z.output<Schema>) => ImportRow,
): ImportRow {
  const result = schema.safeParse(fields);
  if (result.success) return toRow(result.data);
  const problems = result.error.issues.map(({ path, message }) => [path.map(String).join('.'), message]);
  const problem = problems.map(([where, message]) => (where ? `${where}: ${message}` : message)).join(' ');
  const { port, serviceName } = fields;
  return {
    kind: 'unreadable',
    line,
    problem,
    port: filePort.safeParse(port).data ?? null,
    serviceName: typeof serviceName === 'string' ? serviceName.slice(0, 255) : null,
  };
}

function toClaim(
  { host, worktreePath, codebaseId, codebase, conversationId, ...claim }: z.output<typeof claimRow>,
  hostOf: HostOf,
): ImportedClaim {
  const owner = { worktreePath, codebaseId: codebaseId ?? codebase, conversationId };
  return { ...claim, hostName: hostOf(host), owner, canLackCodebase: codebaseId === null };
}
