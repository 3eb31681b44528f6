import { randomUUID } from 'node:crypto';
import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Far more than a file system takes that answers. */
export const callTimeoutMs = 300;

/** A call that has hung for so long is not waited for any more: it may hang for good, though the path answers again. */
const longestHangMs = 300_000;

/** A file system did not answer in time. */
export class NotAnswering extends Error {
  override readonly name = 'NotAnswering';
  /** Resolves when it has answered after all, if ever. */
  readonly late: Promise<void>;

  constructor(path: string, late: Promise<void>) {
    super(`${path} does not answer`);
    this.late = late;
  }
}

/** What is asked of the system; a test gives its own. */
export interface FileSystem {
  lstat(path: string): Promise<FileFacts & { isSymbolicLink(): boolean }>;
  stat(path: string): Promise<FileFacts>;
  readlink(path: string): Promise<string>;
  realpath(path: string): Promise<string>;
}

interface FileFacts {
  readonly dev: number;
  isDirectory(): boolean;
}

interface Call {
  readonly answer: Promise<unknown>;
  readonly askedAt: number;
}

/**
 * Calls to file systems that may not answer: each rejects with NotAnswering 300 ms after it was made. Equal
 * ones are made once at a time. There must be threads enough: a call that waits for one is taken to hang.
 */
export class FileCalls {
  readonly #fileSystem: FileSystem;
  readonly #calls = new Map<string, Call>();
  /** How many have not answered in time, and still do not. */
  hanging = 0;

  constructor(fileSystem: FileSystem = { lstat, stat, readlink, realpath }) {
    this.#fileSystem = fileSystem;
  }

  readonly lstat = (path: string) => this.call('lstat', path, this.#fileSystem.lstat);
  readonly stat = (path: string) => this.call('stat', path, this.#fileSystem.stat);
  readonly readlink = (path: string) => this.call('readlink', path, this.#fileSystem.readlink);
  readonly realpath = (path: string) => this.call('realpath', path, this.#fileSystem.realpath);
  /** Asks a directory's own file system for a name that no cache has. Any answer will do: most reject with ENOENT. */
  readonly probe = (directory: string) =>
    this.call('probe', directory, (path) => this.#fileSystem.lstat(join(path, randomUUID())));

  /** Another call, which occupies one thread at a time. */
  call<Answer>(name: string, path: string, work: (path: string) => Promise<Answer>): Promise<Answer> {
    const key = `${name} ${path}`;
    const known = this.#calls.get(key);
    // Under its name and path stands an answer of the same kind.
    if (known && performance.now() - known.askedAt < longestHangMs) return known.answer as Promise<Answer>;
    const call = { answer: this.#start(path, work, () => this.#forget(key, call)), askedAt: performance.now() };
    this.#calls.set(key, call);
    return call.answer;
  }

  #forget(key: string, call: Call): void {
    if (this.#calls.get(key) === call) this.#calls.delete(key);
  }

  async #start<Answer>(path: string, work: (path: string) => Promise<Answer>, over: () => void): Promise<Answer> {
    const answer = work(path);
    const settled = answer.then(ignore, ignore).then(over);
    if (await isSooner(settled, callTimeoutMs)) return answer;
    this.hanging += 1;
    settled.then(() => {
      this.hanging -= 1;
    });
    throw new NotAnswering(path, settled);
  }
}

const ignore = () => {};

/** Whether a promise settles in time. On a busy machine, a timer may be late and an answer there already. */
export async function isSooner(settled: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<true>((resolve) => {
    timer = setTimeout(() => setImmediate(resolve, true), milliseconds);
  });
  const isLate = await Promise.race([settled, late]);
  clearTimeout(timer);
  return isLate !== true;
}
