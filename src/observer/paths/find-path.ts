import { dirname, isAbsolute, join, parse, sep } from 'node:path';
import { callTimeoutMs, type FileCalls, isSooner, NotAnswering } from './file-calls.ts';
import { asGiven, type FoundPath } from './found-path.ts';
import { mountOf, type SilentPaths } from './silent-paths.ts';

/** Each may come to hang in three calls, and those that wait behind them are held up until it is known where. */
const mostFinds = 5;

/** As many as Linux follows. */
const mostLinks = 40;

/**
 * Finds out what is at normalised absolute paths. What does not answer is remembered with its mount, and neither it nor
 * anything below is asked about again for 30 s: a path that leads there is resolved up to there, and the rest of it
 * taken as given.
 */
export class PathFinder {
  readonly #calls: FileCalls;
  readonly #silent: SilentPaths;
  readonly #waiting: (() => void)[] = [];
  #finding = 0;

  constructor(calls: FileCalls, silent: SilentPaths) {
    this.#calls = calls;
    this.#silent = silent;
  }

  async find(path: string): Promise<FoundPath> {
    if (this.#finding >= mostFinds) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#finding += 1;
    try {
      return await this.#find(path);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#finding -= 1;
    }
  }

  async #find(path: string): Promise<FoundPath> {
    const silent = this.#silent.isEmpty ? undefined : await this.#findSilent(path);
    if (silent) return silent;
    try {
      return await this.#look(path);
    } catch (error) {
      if (!(error instanceof NotAnswering)) throw error;
      const found = await this.#findSilent(path);
      if (found) return found;
      // It was slow, and may be there by now.
      return (await isSooner(error.late, callTimeoutMs)) ? this.#look(path) : asGiven(path);
    }
  }

  /** Asks about the path as a whole, which takes two calls where it exists. */
  async #look(path: string): Promise<FoundPath> {
    try {
      const real = await this.#calls.realpath(path);
      const found = await this.#calls.stat(real);
      if (found.isDirectory()) return { path: real, kind: 'directory', device: found.dev };
      return { path: real, kind: 'other', device: (await this.#look(dirname(real))).device };
    } catch (error) {
      if (error instanceof NotAnswering) throw error;
      return this.#lookAbove(path, isMissing(error) ? 'missing' : 'hidden');
    }
  }

  /** Looks at the deepest path above that exists. All paths above that one exist too, so that bisecting finds it. */
  async #lookAbove(path: string, kind: 'missing' | 'hidden'): Promise<FoundPath> {
    const { root } = parse(path);
    if (path === root) return { path, kind, device: null };
    const names = path.slice(root.length).split(sep);
    const upTo = (count: number) => join(root, ...names.slice(0, count));
    let existing = 0;
    let missing = names.length;
    while (missing - existing > 1) {
      const middle = Math.floor((existing + missing) / 2);
      if (await this.#exists(upTo(middle)))
        existing = middle; // one decides on the next
      else missing = middle;
    }
    const above = await this.#look(upTo(existing));
    const device = kind === 'missing' ? above.device : null;
    return { path: join(above.path, ...names.slice(existing)), kind, device };
  }

  async #exists(path: string): Promise<boolean> {
    try {
      await this.#calls.realpath(path);
      return true;
    } catch (error) {
      if (error instanceof NotAnswering) throw error;
      return false;
    }
  }

  /** Walks from the root to what does not answer; undefined where the path does not lead to any such thing. */
  async #findSilent(path: string): Promise<FoundPath | undefined> {
    const { root } = parse(path);
    const { dev } = await this.#calls.lstat(root);
    const walk = { devices: new Map([[root, dev]]), links: 0 };
    const end = await this.#walk(root, path.slice(root.length), walk);
    return 'silent' in end ? asGiven(end.silent) : undefined;
  }

  async #walk(from: string, rest: string, walk: Walk): Promise<WalkEnd> {
    let current = from;
    const names = rest.split(sep).filter((name) => name !== '' && name !== '.');
    for (const [index, name] of names.entries()) {
      const below = names.slice(index + 1);
      const next = join(current, name); // `..` of a real path
      const step = await this.#step(current, next, walk); // one leads to the next
      if ('silent' in step) return { silent: join(step.silent, ...below) };
      if (step.reached === undefined) return step;
      current = step.reached;
    }
    return { reached: current };
  }

  async #step(current: string, next: string, walk: Walk): Promise<WalkEnd> {
    if (this.#silent.rests(next)) return { silent: next };
    try {
      const found = await this.#calls.lstat(next);
      this.#silent.delete(next);
      if (!found.isSymbolicLink()) {
        walk.devices.set(next, found.dev);
        return { reached: next };
      }
      walk.links += 1;
      if (walk.links > mostLinks) return { reached: undefined };
      const target = await this.#calls.readlink(next);
      const { root } = parse(target);
      return this.#walk(isAbsolute(target) ? root : current, target.slice(root.length), walk);
    } catch (error) {
      if (!(error instanceof NotAnswering)) return { reached: undefined };
      const silent = await this.#blame(current, next, walk);
      this.#silent.add(silent);
      error.late.then(() => this.#silent.delete(silent));
      return { silent: next };
    }
  }

  /** What does not answer: `next` alone, which may be a mount itself, or all of the mount that its parent lies on. */
  async #blame(current: string, next: string, walk: Walk): Promise<string> {
    const mount = mountOf(current, walk.devices);
    if (mount === undefined) return next;
    try {
      await this.#calls.probe(current);
    } catch (error) {
      if (error instanceof NotAnswering) return mount;
    }
    return next;
  }
}

interface Walk {
  /** Of the real directories that it came through. */
  readonly devices: Map<string, number>;
  links: number;
}

/** Where a walk ended: at something that does not answer, or at what exists, or nowhere. */
type WalkEnd = { readonly silent: string } | { readonly reached: string | undefined };

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException; // what a file call rejects with
  return code === 'ENOENT' || code === 'ENOTDIR';
}
