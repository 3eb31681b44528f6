/** A change of a file's bytes. */
export type FileChange =
  | { readonly kind: 'write'; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly size: number };

const sectorBytes = 512;
const pageBytes = 4_096;

/** What a disk has of a file while its changes are made, some of which are lost. */
export class TornFile {
  #bytes: Buffer;
  #length: number;

  constructor(initial: Buffer = Buffer.alloc(0)) {
    this.#bytes = Buffer.from(initial);
    this.#length = initial.length;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  apply(step: FileChange): void {
    if (step.kind === 'truncate') this.#resize(step.size);
    else this.#write(step.at, step.bytes);
  }

  /** Leaves of a change that was not synced all, nothing, its beginning, or any of its sectors or pages. */
  tear(step: FileChange, random: () => number): void {
    const how = Math.floor(random() * 5);
    if (how === 0) return;
    if (how === 1 || step.kind === 'truncate') {
      this.apply(step);
      return;
    }
    const { at, bytes } = step;
    if (how === 2) {
      this.#write(at, bytes.subarray(0, Math.floor(random() * bytes.length)));
      return;
    }
    // The file has its new length, and what did not come is zero, or as it was before.
    const block = how === 3 ? sectorBytes : pageBytes;
    const last = at + bytes.length;
    if (last > this.#length) this.#resize(last);
    for (let start = at - (at % block); start < last; start += block) {
      const [from, to] = [Math.max(start, at), Math.min(start + block, last)];
      if (random() < 0.5) this.#write(from, bytes.subarray(from - at, to - at));
    }
  }

  #write(at: number, bytes: Buffer): void {
    if (at + bytes.length > this.#length) this.#resize(at + bytes.length);
    bytes.copy(this.#bytes, at);
  }

  #resize(length: number): void {
    if (length > this.#bytes.length) {
      const grown = Buffer.alloc(2 * length);
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    this.#bytes.fill(0, Math.min(length, this.#length), this.#length);
    this.#length = length;
  }
}
