import type { ExportedAllocation } from './registry-contents.ts';
import type { FileRow } from './registry-file.ts';

/** What is told in tags where a format has no field for it: `service:api`. */
const fieldsByTag = {
  service: 'serviceName',
  env: 'environment',
  worktree: 'worktreePath',
  codebase: 'codebase',
  conversation: 'conversationId',
} as const;
type Tag = keyof typeof fieldsByTag;

/** An allocation's tags, without those that it has nothing for. */
export function tagsOf(allocation: ExportedAllocation): string[] {
  return Object.entries(fieldsByTag).flatMap(([tag, field]) => {
    const value = field === 'codebase' ? allocation.codebaseId : allocation[field];
    return value === null ? [] : [`${tag}:${value}`];
  });
}

/** What tags tell, of which the first of a kind counts; and those that are not of ours. */
export function readTags(tags: readonly unknown[]): { fields: FileRow['fields']; others: string[] } {
  const fields: Record<string, string> = {};
  const others: string[] = [];
  for (const tag of tags) {
    if (typeof tag !== 'string') continue;
    const [, name = '', value = ''] = /^([a-z]+):(.+)$/s.exec(tag) ?? [];
    if (isTag(name)) fields[fieldsByTag[name]] ??= value;
    else others.push(tag);
  }
  return { fields, others };
}

const isTag = (name: string): name is Tag => Object.hasOwn(fieldsByTag, name);
