import type { ConfigFormat, RenderedConfig } from '../client/client.ts';
import { wordFor } from '../commands/choices.ts';
import { type Fence, hashFence, htmlFence, putBlock, shellFence, slashFence, splitAtBlock } from './fenced-block.ts';
import { FileRefused } from './replace-file.ts';

/** How a format goes into a file. */
interface FileRule {
  readonly fence: Fence | null;
  /** Whether the rest of the file may be somebody else's. */
  readonly isShared: boolean;
  /** Files that the format's reader takes instead of this one, or beside it. */
  readonly rivals?: readonly string[];
  /** The names of the variables that a text sets, one a match. */
  readonly assignments?: RegExp;
}

const composeRivals = ['compose.override.yml', 'docker-compose.override.yml', 'docker-compose.override.yaml'];
const viteRivals = ['js', 'mjs', 'cjs', 'mts', 'cts'].map((extension) => `vite.config.${extension}`);

const rules: Readonly<Record<ConfigFormat, FileRule>> = {
  // As dotenv reads it: https://github.com/motdotla/dotenv/blob/master/lib/main.js
  DOTENV: { fence: hashFence, isShared: true, assignments: /^[ \t]*(?:export[ \t]+)?([\w.-]+)(?:[ \t]*=|:[ \t])/gm },
  SHELL: { fence: shellFence, isShared: true, assignments: /^[ \t]*(?:export[ \t]+)?(\w+)=/gm },
  MARKDOWN: { fence: htmlFence, isShared: true },
  EXPRESS: { fence: slashFence, isShared: false },
  VITE: { fence: slashFence, isShared: false, rivals: viteRivals },
  DOCKER_COMPOSE: { fence: hashFence, isShared: false, rivals: composeRivals },
  JSON: { fence: null, isShared: false },
  NEXT: { fence: null, isShared: false },
};

/** What is to be in a file, a character a byte, and what a person should know about it. */
export interface MergedFile {
  readonly bytes: string;
  readonly notes: readonly string[];
}

/** Names of files beside which one of the format must not be. */
export const rivalsOf = (format: ConfigFormat): readonly string[] => rules[format].rivals ?? [];

/**
 * Puts configuration into what a file has now, bytes as characters; null where there is none. What is not Wharfinger's
 * stays as it is. Throws a FileRefused where that cannot be, and an AmbiguousBlock. No message has more of the file
 * than the names of variables.
 */
export function mergeConfig(existing: string | null, { format, filename, content }: RenderedConfig): MergedFile {
  if (format === 'NEXT') throw new FileRefused(putScripts(content));
  const { fence, isShared, assignments } = rules[format];
  if (existing?.includes('\0')) throw new FileRefused(`${filename} is no text of one byte a letter: save it as UTF-8.`);
  if (!fence) {
    if (existing?.trim() && !isOurJson(existing)) throw foreign(format, filename);
    return { bytes: inBytes(content), notes: [] };
  }
  if (existing !== null && !isShared && !isOurs(existing, fence)) throw foreign(format, filename);
  const bytes = putBlock(existing ?? '', linesOf(content, fence), fence, 'end');
  return { bytes, notes: assignments ? notesOf(bytes, fence, filename, assignments) : [] };
}

const inBytes = (text: string) => Buffer.from(text).toString('latin1');

const origin = 'Written by Wharfinger (wharfinger config SERVICE --write), which replaces all lines up to the end.';

function linesOf(content: string, fence: Fence): string[] {
  const lines = inBytes(content).trimEnd().split('\n');
  // In Markdown, a table next to a comment may be taken for a part of it.
  return [fence.comment(origin), ...(fence === htmlFence ? ['', ...lines, ''] : lines)];
}

function isOurs(text: string, fence: Fence): boolean {
  const parts = splitAtBlock(text, fence);
  return parts ? (parts.before + parts.after).trim() === '' : text.trim() === '';
}

const serviceKeys = 'port,url,environment,host,worktreePath,description';

/** Whether it has what docs/templates.md says of it and nothing else. */
function isOurJson(text: string): boolean {
  try {
    const { services, env, ...rest } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const areServices = Object.values(Object(services)).every((service) => keysOf(service) === serviceKeys);
    const areVariables = Object.values(Object(env)).every((value) => typeof value === 'string');
    return areServices && areVariables && keysOf(rest) === '' && [services, env].every((part) => keysOf(part) !== '');
  } catch {
    return false;
  }
}

const keysOf = (value: unknown) => (Array.isArray(value) ? '' : Object.keys(Object(value)).join());

const foreign = (format: ConfigFormat, filename: string) =>
  new FileRefused(
    `${filename} has more in it than Wharfinger wrote: print the configuration with --format ${wordFor(format)} and without --write, and put what it lacks into it.`,
  );

function putScripts(content: string): string {
  const { scripts } = JSON.parse(content) as { scripts: Record<string, string> }; // docs/templates.md
  const settings = Object.entries(scripts).map(([name, script]) => `"scripts.${name}=${script}"`);
  return `package.json is written by hand, since all worktrees share it. Put PORT into the environment with --format shell, or the port into the scripts: npm pkg set ${settings.join(' ')}`;
}

/** Of the variables that the rest of the file sets as well, which one wins: the last. */
function notesOf(bytes: string, fence: Fence, filename: string, assignments: RegExp): string[] {
  const parts = splitAtBlock(bytes, fence);
  if (!parts) return [];
  const namesIn = (text: string) => new Set([...text.matchAll(assignments)].map(([, name = '']) => name));
  const [above, ours, below] = [parts.before, parts.block, parts.after].map(namesIn);
  return [...(ours ?? [])].flatMap((name) => {
    if (below?.has(name))
      return `${filename} sets ${name} again below Wharfinger's block, and that one wins: delete it there.`;
    return above?.has(name) ? `${filename} sets ${name} above Wharfinger's block as well: the block's wins.` : [];
  });
}
