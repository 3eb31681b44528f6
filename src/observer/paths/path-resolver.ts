import type { NamedPort } from '../../domain/backfill-wishes.ts';
import { asGiven, type FoundPath } from './found-path.ts';
import { PathProcess, type PathProcessOptions } from './path-process.ts';

/** Asks about paths of this host that somebody named, and waits for none that does not answer. */
export interface PathResolver {
  /** What is at a normalised absolute path. One that does not answer within about a second is taken as given. */
  find(path: string): Promise<FoundPath>;
  /** The same for several, each once. */
  findAll(paths: readonly string[]): Promise<Map<string, FoundPath>>;
  /** The ports that the environment files of a worktree name; see `readEnvPorts`. */
  envPorts(worktreePath: string): Promise<NamedPort[]>;
  /** The directories that did not answer lately, most of them mounts. */
  silent(): readonly string[];
  /** Why paths cannot be looked at, and what to do; undefined where they can. */
  trouble(): string | undefined;
  /** Answers what is still asked as given, and ends the process without waiting for it. */
  close(): void;
}

/** Of many paths that are asked about together. */
const mostAtOnce = 100;

/** Nothing is started before the first question. Its creator closes it. */
export function createPathResolver(options: PathProcessOptions = {}): PathResolver {
  const asked = new PathProcess(options);
  const find = async (path: string) => ((await asked.ask('find', path)) as FoundPath | undefined) ?? asGiven(path);
  return {
    find,
    async findAll(paths) {
      const found = new Map<string, FoundPath>();
      const distinct = [...new Set(paths)];
      for (let at = 0; at < distinct.length; at += mostAtOnce) {
        const part = distinct.slice(at, at + mostAtOnce);
        await Promise.all(part.map(async (path) => found.set(path, await find(path)))); // others are answered in between
      }
      return found;
    },
    envPorts: async (path) => ((await asked.ask('ports', path)) as NamedPort[] | undefined) ?? [],
    silent: () => asked.silent,
    trouble() {
      if (asked.failure !== undefined) {
        return `The process that looks at paths fails (${asked.failure}), so that they are taken as they are given: restart the server.`;
      }
      const { length } = asked.silent;
      if (length === 0) return undefined;
      const which = length === 1 ? 'A directory' : `${length} directories`;
      return `${which} of this host, or what is mounted there, does not answer: paths below are taken as they are given. The server's log names ${length === 1 ? 'it' : 'them'}.`;
    },
    close: () => asked.close(),
  };
}
