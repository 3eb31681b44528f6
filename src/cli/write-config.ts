import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ConfigFormat, RenderedConfig } from '../client/client.ts';
import { mergeConfig, rivalsOf } from './config-file.ts';
import { type EditedFile, editFile } from './edit-file.ts';
import { askGit } from './git.ts';
import { FileRefused } from './replace-file.ts';

/** A file that has the configuration now. */
export interface WrittenConfig extends EditedFile {
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
  const notes: string[] = [];
  const file = await editFile(worktreePath, filename, async (bytes) => {
    await refuseRivals(worktreePath, format, filename);
    const merged = mergeConfig(bytes, config);
    notes.push(...merged.notes);
    return merged.bytes;
  });
  return { ...file, notes: [...notes, ...(await gitNotes(file.path, filename))] };
}

async function refuseRivals(worktreePath: string, format: ConfigFormat, filename: string): Promise<void> {
  for (const rival of rivalsOf(format)) {
    const fact = `${rival} is there already, and ${filename} beside it would be wrong`;
    if (await isThere(join(worktreePath, rival))) throw new FileRefused(`${fact}: put the port into ${rival}.`);
  }
}

const isThere = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );

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
