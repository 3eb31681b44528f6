import type { RowTexts } from './json.ts';
import type { FileRow, RegistryFile } from './registry-file.ts';

/** A row, and which of the rows before it bear on what becomes of it. */
export interface LinkedRow extends FileRow {
  readonly list: keyof RowTexts;
  /** The host that it is about, empty where it does not say; null where it is about none. */
  readonly host: string | null;
  /** Their places in the list of all rows; those that bear on them in turn are not among them. */
  readonly needs: readonly number[];
}

/** What a row says, and what makes another one's outcome depend on it. */
interface Facts {
  readonly list: keyof RowTexts;
  readonly row: FileRow;
  /** About what it decides. */
  readonly gives: readonly string[];
  /** What rows before it may have decided for it. Who gives takes as well, so that the last one leads to all. */
  readonly takes: readonly string[];
}

/**
 * All rows in the order in which an import decides them, with what must come before each of them in an import of its
 * own to have it decided in the same way: codebases by id or URL, worktrees by path, claims of the same port.
 * `host` is the one that all rows are about, if any.
 */
export function linkRows({ codebases, worktrees, claims }: RegistryFile, host: string | null): LinkedRow[] {
  const hostOf = ({ fields }: FileRow) => (host === null && typeof fields.host === 'string' ? fields.host : '');
  // One that does not say may be about any of them.
  const isMixed = claims.some((row) => hostOf(row) === '');
  const contested = contestedPaths(worktrees, claims);
  const all: Facts[] = [
    ...codebases.map((row): Facts => {
      const keys = [...keyOf('codebase', row.fields.id), ...keyOf('url', row.fields.repositoryUrl)];
      return { list: 'codebases', row, gives: keys, takes: keys };
    }),
    ...worktrees.map((row): Facts => {
      const keys = keyOf('worktree', row.fields.path);
      return { list: 'worktrees', row, gives: keys, takes: [...keys, ...keyOf('codebase', row.fields.codebaseId)] };
    }),
    ...claims.map((row): Facts => {
      const { id, port, worktreePath } = row.fields;
      const ports = keyOf('port', `${isMixed ? '' : hostOf(row)} ${String(port).trim()}`);
      const ids = keyOf('id', id);
      const paths = keyOf('worktree', worktreePath);
      const registers = contested.has(worktreePath) && !isHistory(row);
      const gives = [...ids, ...(isHistory(row) ? [] : ports), ...(registers ? paths : [])];
      return {
        list: 'allocations',
        row,
        gives,
        takes: [...ports, ...ids, ...paths, ...keyOf('codebase', codebaseOf(row))],
      };
    }),
  ];
  const givers = new Map<string, number>();
  return all.map(({ list, row, gives, takes }, place) => {
    const needs = new Set(takes.flatMap((key) => givers.get(key) ?? []));
    for (const key of gives) givers.set(key, place);
    return { ...row, list, host: list === 'codebases' ? null : hostOf(row), needs: [...needs] };
  });
}

const keyOf = (kind: string, value: unknown): string[] =>
  typeof value === 'string' ? [`${kind} ${value.trim()}`] : [];

const codebaseOf = ({ fields }: FileRow) => fields.codebaseId ?? fields.codebase;

/** One that does not say since when it was held is imported as if it were. */
const isHistory = ({ fields }: FileRow) => fields.releasedAt != null && fields.allocatedAt != null;

/**
 * The paths at which it matters which claims came before: those that are claimed for different codebases, of which
 * the first gets the worktree, and those whose history follows a claim, which may have registered the worktree.
 */
function contestedPaths(worktrees: readonly FileRow[], claims: readonly FileRow[]): Set<unknown> {
  const codebases = new Map(worktrees.map(({ fields }) => [fields.path, fields.codebaseId]));
  const claimed = new Set<unknown>();
  const contested = new Set<unknown>();
  for (const claim of claims) {
    const { worktreePath: path } = claim.fields;
    const codebase = codebaseOf(claim);
    const first = codebases.get(path) ?? codebase;
    if (isHistory(claim) ? claimed.has(path) : codebase != null && codebase !== first) contested.add(path);
    if (isHistory(claim)) continue;
    claimed.add(path);
    codebases.set(path, first);
  }
  return contested;
}
