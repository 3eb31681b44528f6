import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PathSight } from '../domain/worktree-paths.ts';
import { within } from './within.ts';

/** A file system that does not answer keeps a thread, of the four that Node has for files, from everybody else. */
const mostAtOnce = 2;

/** Far more than a file system takes that answers. */
const deadlineMs = 1_500;

/** Asks the system about a path; rejects with the system's error. */
export type Stat = (path: string) => Promise<{ readonly dev: number; isDirectory(): boolean }>;

type Device = number | 'missing' | 'hidden';

const unseen: PathSight = { exists: false, device: null };

/** Looks at directories of this host. What does not answer in time can as little be seen as what may not be looked at. */
export class PathLooks {
  readonly #stat: Stat;
  readonly #asked = new Map<string, Promise<Device>>();
  /** What has been asked, and not answered in time. */
  readonly #stuck = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(stat: Stat) {
    this.#stat = stat;
  }

  /** Looks at these after those before. A path that is stuck is not asked about again until it has answered. */
  at(paths: readonly string[]): Promise<Map<string, PathSight>> {
    const sights = this.#last.then(() => this.#look(paths));
    this.#last = sights;
    return sights;
  }

  async #look(paths: readonly string[]): Promise<Map<string, PathSight>> {
    const sights = new Map(paths.map((path) => [path, unseen]));
    const waiting = [...sights.keys()].values();
    let lookers = Math.max(0, mostAtOnce - this.#stuck.size);
    const look = async () => {
      for (const path of waiting) {
        sights.set(path, await this.#sightOf(path)); // as many at once as there are lookers
        if (lookers + this.#stuck.size <= mostAtOnce) continue;
        lookers -= 1;
        return;
      }
    };
    await Promise.all(Array.from({ length: lookers }, look));
    return sights;
  }

  async #sightOf(path: string): Promise<PathSight> {
    const device = await this.#deviceOf(path);
    if (typeof device === 'number') return { exists: true, device };
    return device === 'missing' ? { exists: false, device: await this.#deviceAbove(path) } : unseen;
  }

  /** Of the nearest directory above that exists: where the path would be. */
  async #deviceAbove(path: string): Promise<number | null> {
    const parent = dirname(path);
    if (parent === path) return null;
    const device = await this.#deviceOf(parent);
    if (device === 'missing') return this.#deviceAbove(parent);
    return device === 'hidden' ? null : device;
  }

  async #deviceOf(path: string): Promise<Device> {
    if (this.#stuck.has(path)) return 'hidden';
    const device = await within(this.#asked.get(path) ?? this.#ask(path), deadlineMs, undefined);
    if (device !== undefined) return device;
    this.#stuck.add(path);
    return 'hidden';
  }

  #ask(path: string): Promise<Device> {
    const answer = deviceOf(path, this.#stat).finally(() => {
      this.#asked.delete(path);
      this.#stuck.delete(path);
    });
    this.#asked.set(path, answer);
    return answer;
  }
}

/** What is no directory is as good as missing; what may not be looked at says nothing. */
async function deviceOf(path: string, stat: Stat): Promise<Device> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? found.dev : 'missing';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // what stat rejects with
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'hidden';
  }
}

/** One for the process, as the threads for files are. */
const looks = new PathLooks(stat);

/**
 * Whether directories exist on this host, and on which file system they are, or would be. It does not wait
 * for a file system that does not answer: what lies on it is not there, and its device null.
 */
export const lookAtPaths = (paths: readonly string[]) => looks.at(paths);
