import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RenderedConfig } from '../client/client.ts';
import { mergeConfig, rivalsOf } from './config-file.ts';
import { AmbiguousBlock } from './fenced-block.ts';
import { askGit } from './git.ts';
import { FileRefused, findFile, replaceFile } from './replace-file.ts';

/** A file that has the configuration now. */
export interface WrittenConfig {
  /** Real: where a link leads, not the link. */
  readonly path: string;
  /** False where the file had the same bytes already, and was not touched. */
  readonly changed: boolean;
  /** What a person should know about it, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Writes configuration into a worktree, at once or not at all, and leaves everything of the file that is not
 * Wharfinger's. Throws a FileRefused, with the remedy, where the file cannot be written, cannot be told from somebody
 * else's, or is outside of the worktree.
 */
export async function writeConfig(worktreePath: string, config: RenderedConfig): Promise<WrittenConfig> {
  const { format, filename } = config;
  const { path, bytes: existing } = await findFile(worktreePath, filename);
  for (const rival of rivalsOf(format)) {
    if (await isThere(join(worktreePath, rival))) {
      throw new FileRefused(
        `${rival} is there already, and ${filename} beside it would be wrong: put the port into ${rival}.`,
      );
    }
  }
  const { bytes, notes } = merge(existing, config);
  const changed = bytes !== existing;
  if (changed) await replaceFile(path, bytes);
  return { path, changed, notes: [...notes, ...(await gitNotes(path, filename))] };
}

const isThere = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );

function merge(existing: string | null, config: RenderedConfig) {
  try {
    return mergeConfig(existing, config);
  } catch (error) {
    if (!(error instanceof AmbiguousBlock)) throw error;
    throw new FileRefused(`${config.filename} ${error.message}: leave one pair of these lines, or none.`);
  }
}

/** One worktree's ports are not for the others. */
async function gitNotes(path: string, filename: string): Promise<string[]> {
  const directory = dirname(path);
  if ((await askGit(directory, 'rev-parse', '--is-inside-work-tree')) !== 'true') return [];
  if (await askGit(directory, 'ls-files', '--', path)) {
    return [`${filename} is tracked by git, and these ports are this worktree's alone: do not commit them.`];
  }
  if (await askGit(directory, 'check-ignore', '--', path)) return [];
  return [`${filename} is not ignored by git, and these ports are this worktree's alone: add it to .gitignore.`];
}
