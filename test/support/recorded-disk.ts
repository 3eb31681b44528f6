import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { relative } from 'node:path';
import { onTestFinished } from 'vitest';
import { type FileChange, TornFile } from './torn-file.ts';

/** What was asked of the disk, in order; and what the test saw in between. */
type Step<Seen> =
  | { readonly kind: 'create'; readonly name: string; readonly file: number }
  | (FileChange & { readonly file: number })
  /** From here on, everything that was asked of the file before the step `since` survives a power cut. */
  | { readonly kind: 'synced'; readonly file: number; readonly since: number }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  /** The same of the names in the directory. */
  | { readonly kind: 'named'; readonly since: number }
  | { readonly kind: 'seen'; readonly seen: Seen };

/** What is left of a directory after a power cut, by name, and what the test had seen until then. */
export interface Remains<Seen> {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly seen: readonly Seen[];
}

/** The number of a file that was there before, so that none that is created has it. */
const initialFile = (index: number) => -1 - index;

/**
 * Records all that this process writes with `node:fs/promises` into one directory, and rebuilds what a disk may hold
 * of it if the power fails at a step: what was synced, and of the rest any part. It follows POSIX: data survives once
 * `fsync` or `fdatasync` has returned, a name once its directory is synced.
 */
export class RecordedDisk<Seen> {
  readonly #directory: string;
  readonly #steps: Step<Seen>[] = [];
  readonly #initial: ReadonlyMap<string, Buffer>;
  #created = 0;

  private constructor(directory: string, initial: ReadonlyMap<string, Buffer>) {
    this.#directory = directory;
    this.#initial = initial;
  }

  /** Begins to record, until the test ends. What the directory has by now is taken to be synced. */
  static async record<Seen>(directory: string, names: readonly string[]): Promise<RecordedDisk<Seen>> {
    const initial = new Map<string, Buffer>();
    for (const name of names) initial.set(name, await fs.readFile(`${directory}/${name}`)); // few
    const disk = new RecordedDisk<Seen>(directory, initial);
    const { open, rename } = fs;
    Object.assign(fs, {
      open: async (...given: Parameters<typeof open>) =>
        disk.#watch(String(given[0]), String(given[1]), await open(...given)),
      rename: async (from: string, to: string) => {
        const names = [disk.#nameOf(from), disk.#nameOf(to)] as const;
        if (names[0] !== undefined && names[1] !== undefined) {
          disk.#steps.push({ kind: 'rename', from: names[0], to: names[1] });
        }
        await rename(from, to);
      },
    });
    syncBuiltinESMExports();
    onTestFinished(() => {
      Object.assign(fs, { open, rename });
      syncBuiltinESMExports();
    });
    return disk;
  }

  /** How many steps there are. */
  get length(): number {
    return this.#steps.length;
  }

  /** The steps at which a file took this name. */
  renamesTo(name: string): number[] {
    return this.#steps.flatMap((step, index) => (step.kind === 'rename' && step.to === name ? [index] : []));
  }

  /** Notes something that somebody outside was told at this moment. */
  see(seen: Seen): void {
    this.#steps.push({ kind: 'seen', seen });
  }

  /** What a disk holds if the power fails right before the step `moment`; `random` gives numbers from 0 to 1. */
  cut(moment: number, random: () => number): Remains<Seen> {
    const steps = this.#steps.slice(0, moment);
    const names = new Map<string, number>();
    const files = new Map<number, TornFile>();
    const syncedBefore = new Map<number, number>();
    for (const [index, [name, bytes]] of [...this.#initial].entries()) {
      names.set(name, initialFile(index));
      files.set(initialFile(index), new TornFile(bytes));
    }
    for (const step of steps) {
      if (step.kind === 'create') files.set(step.file, new TornFile());
      if (step.kind === 'synced') syncedBefore.set(step.file, step.since);
    }
    const named = steps.findLast((step) => step.kind === 'named')?.since ?? 0;
    // What happened to names survives in order, as journalling file systems have it: up to some step.
    const lastName = named + Math.floor(random() * (steps.length - named + 1));
    for (const [index, step] of steps.entries()) {
      if (index < lastName && step.kind === 'create') names.set(step.name, step.file);
      if (index < lastName && step.kind === 'rename') {
        const moved = names.get(step.from);
        names.delete(step.from);
        if (moved !== undefined) names.set(step.to, moved);
      }
      if (step.kind !== 'write' && step.kind !== 'truncate') continue;
      if (index < (syncedBefore.get(step.file) ?? 0)) files.get(step.file)?.apply(step);
      else files.get(step.file)?.tear(step, random);
    }
    return {
      files: new Map([...names].map(([name, each]) => [name, files.get(each)?.bytes ?? Buffer.alloc(0)])),
      seen: steps.flatMap((step) => (step.kind === 'seen' ? [step.seen] : [])),
    };
  }

  #nameOf(path: string): string | undefined {
    const name = relative(this.#directory, path);
    return name.includes('/') || name.startsWith('..') ? undefined : name;
  }

  #watch(path: string, flags: string, handle: fs.FileHandle): fs.FileHandle {
    const name = this.#nameOf(path);
    if (name === undefined) return handle;
    const steps = this.#steps;
    if (name === '') {
      const { sync } = handle;
      return Object.assign(handle, {
        sync: async () => {
          const since = steps.length;
          await sync.call(handle);
          steps.push({ kind: 'named', since });
        },
      });
    }
    return this.#record(handle, this.#fileOf(name, flags), flags);
  }

  /** A file that is created is another one than that which had the name before. */
  #fileOf(name: string, flags: string): number {
    const initial = [...this.#initial.keys()].indexOf(name);
    const current = this.#currentFile(name);
    if (!flags.startsWith('w')) return current ?? initialFile(initial);
    this.#created += 1;
    this.#steps.push({ kind: 'create', name, file: this.#created });
    return this.#created;
  }

  /** The file that a name leads to now, after all renames. */
  #currentFile(name: string): number | undefined {
    const names = new Map<string, number>();
    for (const step of this.#steps) {
      if (step.kind === 'create') names.set(step.name, step.file);
      if (step.kind !== 'rename') continue;
      const moved = names.get(step.from);
      names.delete(step.from);
      if (moved !== undefined) names.set(step.to, moved);
    }
    return names.get(name);
  }

  #record(handle: fs.FileHandle, file: number, flags: string): fs.FileHandle {
    const steps = this.#steps;
    const { datasync, sync, truncate, writeFile, appendFile } = handle;
    const write = handle.write.bind(handle);
    let end = flags.startsWith('w') ? 0 : Number.NaN;
    const note = (bytes: Buffer, at: number) => {
      steps.push({ kind: 'write', file, at, bytes: Buffer.from(bytes) });
    };
    const synced = (how: () => Promise<void>) => async () => {
      const since = steps.length;
      await how.call(handle);
      steps.push({ kind: 'synced', file, since });
    };
    return Object.assign(handle, {
      async write(bytes: Buffer, offset: number, length: number, at: number) {
        note(bytes.subarray(offset, offset + length), at);
        return write(bytes, offset, length, at);
      },
      async appendFile(bytes: Buffer) {
        note(bytes, end);
        end += bytes.length;
        return appendFile.call(handle, bytes);
      },
      async writeFile(text: string) {
        note(Buffer.from(text), 0);
        return writeFile.call(handle, text);
      },
      async truncate(size: number) {
        steps.push({ kind: 'truncate', file, size });
        return truncate.call(handle, size);
      },
      datasync: synced(datasync),
      sync: synced(sync),
    });
  }
}
