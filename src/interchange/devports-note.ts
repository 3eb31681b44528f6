import type { ExportedAllocation } from './registry-contents.ts';
import type { FileRow } from './registry-file.ts';
import { readTags, tagsOf } from './tags.ts';

/** The description, and what devports has no field for: `Cart [service:api env:dev worktree:/src/shop]`. */
export function noteOf(allocation: ExportedAllocation): string {
  const tags = `[${tagsOf(allocation).map(encode).join(' ')}]`;
  return allocation.description === null ? tags : `${allocation.description} ${tags}`;
}

/** What a note says: nothing but a description, unless it ends in tags of ours. */
export function readNote(note: unknown): { description: unknown; fields: FileRow['fields'] } {
  if (typeof note !== 'string' || !note.endsWith(']')) return { description: note, fields: {} };
  const open = note.lastIndexOf('[');
  const { fields, others } = readTags(
    note
      .slice(open + 1, -1)
      .split(' ')
      .map(decode),
  );
  if (open < 0 || others.length > 0) return { description: note, fields: {} };
  // A space stands before the tags of a note that has more.
  return { description: open === 0 ? null : note.slice(0, open - 1), fields };
}

const encode = (tag: string) => tag.replace(/[\s[\]%]/gu, (character) => encodeURIComponent(character));

function decode(tag: string): string {
  try {
    return decodeURIComponent(tag);
  } catch {
    return tag; // it is not of ours
  }
}
