import { dirname } from 'node:path';

/** How long a directory that did not answer is not asked again. */
const restMs = 30_000;

/** How long it is remembered after that, where nobody asks. */
const memoryMs = 90_000;

/** More file systems than a host mounts over a network. */
const mostPaths = 64;

/** The directories of this host that do not answer, most of them the roots of mounts. */
export class SilentPaths {
  readonly #changed: () => void;
  readonly #known = new Map<string, { readonly since: number; readonly forgetting: NodeJS.Timeout }>();

  constructor(changed: () => void = () => {}) {
    this.#changed = changed;
  }

  add(path: string): void {
    const known = this.#known.get(path);
    clearTimeout(known?.forgetting);
    if (!known && this.#known.size >= mostPaths) return;
    const forgetting = setTimeout(() => this.delete(path), restMs + memoryMs).unref();
    this.#known.set(path, { since: performance.now(), forgetting });
    if (!known) this.#changed();
  }

  delete(path: string): void {
    clearTimeout(this.#known.get(path)?.forgetting);
    if (this.#known.delete(path)) this.#changed();
  }

  /** Whether a path is one of them, and not to be asked about now. */
  rests(path: string): boolean {
    const known = this.#known.get(path);
    return known !== undefined && performance.now() - known.since < restMs;
  }

  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  list(): string[] {
    return [...this.#known.keys()];
  }
}

/**
 * The mount that a directory lies on, as far as the devices of the directories above it are known: the topmost one of
 * its device. Undefined on the root's own file system, which answers if anything does.
 */
export function mountOf(directory: string, devices: ReadonlyMap<string, number>): string | undefined {
  const device = devices.get(directory);
  let top = directory;
  while (devices.get(dirname(top)) === device) {
    if (dirname(top) === top) return undefined;
    top = dirname(top);
  }
  return top;
}
