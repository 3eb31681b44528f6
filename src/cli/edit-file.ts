import { rm } from 'node:fs/promises';
import { AmbiguousBlock } from './fenced-block.ts';
import { FileRefused, findFile, replaceFile } from './replace-file.ts';

/** A file that is as it should be. */
export interface EditedFile {
  /** Real: where a link leads, not the link. */
  readonly path: string;
  /** False where it was so before, and was not touched. */
  readonly changed: boolean;
}

/** From what a file has, a character for each byte, to what it is to have; null where there is none, or is to be none. */
export type Edit = (bytes: string | null, path: string) => string | null | Promise<string | null>;

/**
 * Changes a file of a directory, at once or not at all. Throws a FileRefused, with the remedy, where it cannot be changed,
 * has no block that can be told, or is outside of the directory.
 */
export async function editFile(
  directory: string,
  name: string,
  edit: Edit,
  options: { readonly isExecutable?: boolean } = {},
): Promise<EditedFile> {
  const { path, bytes } = await findFile(directory, name);
  const edited = await editedBytes(edit, { bytes, path, name });
  if (edited === bytes) return { path, changed: false };
  if (edited === null) await rm(path);
  else await replaceFile(path, edited, options);
  return { path, changed: true };
}

async function editedBytes(
  edit: Edit,
  { bytes, path, name }: { readonly bytes: string | null; readonly path: string; readonly name: string },
): Promise<string | null> {
  try {
    return await edit(bytes, path);
  } catch (error) {
    if (!(error instanceof AmbiguousBlock)) throw error;
    throw new FileRefused(`${name} ${error.message}: leave one pair of these lines, or none.`);
  }
}
