import { readdirSync, readlinkSync } from 'node:fs';

/** A socket that belongs to nobody who could be seen is looked for again after so long: it may have been handed on. */
const lookAgainMs = 60_000;

/** A step of the search ends after so many descriptors. */
const descriptorsAStep = 64;

/** Where a socket was found open. */
interface Descriptor {
  readonly processId: number;
  readonly path: string;
}

/**
 * Which process has a socket open, by the links of /proc/PID/fd. All of them are read only where a socket is
 * new or its process has gone; otherwise one link a socket tells that it is where it was.
 */
export class SocketOwners {
  readonly #proc: string;
  readonly #now: () => number;
  readonly #found = new Map<number, Descriptor>();
  readonly #missedAt = new Map<number, number>();

  /** `proc`: where the process file system is mounted. `now`: milliseconds of a clock that is never set back. */
  constructor(proc: string, now: () => number) {
    this.#proc = proc;
    this.#now = now;
  }

  /**
   * The process ids by inode: the lowest of several that inherited a socket. Those that are missing belong to
   * nobody who can be seen, such as another user's process.
   */
  *find(inodes: readonly number[]): Generator<void, Map<number, number>> {
    for (const inode of inodes) {
      const descriptor = this.#found.get(inode);
      if (descriptor && readLink(descriptor.path) !== linkTo(inode)) this.#found.delete(inode);
      yield;
    }
    const wanted = inodes.filter((inode) => !this.#found.has(inode));
    if (wanted.some((inode) => this.#isDue(inode))) yield* this.#search(wanted);
    return new Map(
      inodes.flatMap((inode) => {
        const descriptor = this.#found.get(inode);
        return descriptor ? [[inode, descriptor.processId]] : [];
      }),
    );
  }

  /** Forgets all sockets but these: inodes are given anew. */
  keepOnly(inodes: ReadonlySet<number>): void {
    for (const known of [this.#found, this.#missedAt]) {
      for (const inode of known.keys()) if (!inodes.has(inode)) known.delete(inode);
    }
  }

  #isDue(inode: number): boolean {
    const missedAt = this.#missedAt.get(inode);
    return missedAt === undefined || this.#now() - missedAt >= lookAgainMs;
  }

  *#search(inodes: readonly number[]): Generator<void, void> {
    const wanted = new Map(inodes.map((inode) => [linkTo(inode), inode]));
    for (const processId of processIds(this.#proc)) {
      if (wanted.size === 0) break;
      for (const [index, path] of descriptorsOf(this.#proc, processId).entries()) {
        const link = readLink(path);
        const inode = link === undefined ? undefined : wanted.get(link);
        if (link !== undefined && inode !== undefined) {
          this.#found.set(inode, { processId, path });
          this.#missedAt.delete(inode);
          wanted.delete(link);
        }
        if (index % descriptorsAStep === 0) yield;
      }
      yield;
    }
    for (const inode of wanted.values()) this.#missedAt.set(inode, this.#now());
  }
}

function linkTo(inode: number): string {
  return `socket:[${inode}]`;
}

/** The lowest first. */
function processIds(proc: string): number[] {
  return readdirSync(proc)
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .sort((one, other) => one - other);
}

function descriptorsOf(proc: string, processId: number): string[] {
  const directory = `${proc}/${processId}/fd`;
  try {
    return readdirSync(directory).map((descriptor) => `${directory}/${descriptor}`);
  } catch {
    return []; // somebody else's process, or one that has just ended
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // closed meanwhile
  }
}
