import { posix, win32 } from 'node:path';
import { writeRowTexts } from './json.ts';

/** A row of SCAR's, by the names of its columns; which there are depends on SCAR's version. */
export type ScarRow = Readonly<Record<string, unknown>>;

/** What SCAR's own database knows of ports: remote_agent_port_allocations, and what that names. */
export interface ScarDatabase {
  /** Those that are held, in their order. */
  readonly allocations: readonly ScarRow[];
  readonly codebases: readonly ScarRow[];
  /** Of remote_agent_isolation_environments, which only SCAR's successor has. */
  readonly environments: readonly ScarRow[];
}

/**
 * It as a file of the own format, a row a line. Ids and paths of SCAR's are kept as they are, and what has no field here
 * goes into the metadata. A codebase that is named and not there is left out of its rows, which would be invalid with it.
 */
export function writeScarDatabase({ allocations, codebases, environments }: ScarDatabase): string {
  const known = new Set(codebases.map(({ id }) => textOf(id)));
  const textsOf = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row));
  return writeRowTexts({
    codebases: textsOf(codebases.map(toCodebase)),
    worktrees: textsOf(environments.map(toWorktree)),
    allocations: textsOf(allocations.map((row) => toClaim(row, known))),
  });
}

const toCodebase = ({ id, name, repository_url, default_cwd, created_at }: ScarRow) => ({
  id: textOf(id),
  name: textOf(name) ?? textOf(id),
  repositoryUrl: textOf(repository_url),
  defaultCwd: isAbsolute(default_cwd) ? default_cwd : undefined,
  createdAt: created_at,
});

/** Of which codebase it is, its claims say. */
const toWorktree = ({ working_path, branch_name }: ScarRow) => ({
  path: textOf(working_path),
  branch: textOf(branch_name),
});

/**
 * Where it says when it was allocated, it is taken in whatever range it lies, as SCAR took it. Whether it is up is for
 * the host's observer to find: SCAR's status and process are of the last time that SCAR looked.
 */
function toClaim(row: ScarRow, known: ReadonlySet<unknown>) {
  const { id, status, process_id: processId, last_checked: lastChecked } = row;
  const codebaseId = textOf(row.codebase_id);
  const isKnown = known.has(codebaseId);
  const scar = { id, status, processId, lastChecked, codebaseId: isKnown ? null : codebaseId };
  return {
    port: row.port,
    serviceName: textOf(row.service_name),
    environment: textOf(row.environment),
    worktreePath: textOf(row.worktree_path),
    codebaseId: isKnown ? codebaseId : undefined,
    conversationId: textOf(row.conversation_id),
    description: textOf(row.description),
    metadata: { scar: Object.fromEntries(Object.entries(scar).filter(([, value]) => value != null)) },
    allocatedAt: row.allocated_at,
  };
}

/** An empty text says as little as none. */
const textOf = (value: unknown) => (value == null || value === '' ? undefined : String(value));

const isAbsolute = (path: unknown) => typeof path === 'string' && (posix.isAbsolute(path) || win32.isAbsolute(path));
