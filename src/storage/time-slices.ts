import { setImmediate } from 'node:timers/promises';

/** Others get their turn after so long. */
const sliceMs = 10;
/** How often the event loop turns then: libuv accepts one connection each time, and a turn without anything to do is short. */
const turns = 16;

/** Divides long work, so that whatever else waits for the event loop goes on in between. */
export class TimeSlices {
  #began = 0;
  #next: Promise<void> | undefined;

  /** Resolves at once, or once others had their turn where they have not for 10 ms. */
  async pause(): Promise<void> {
    while (performance.now() - this.#began >= sliceMs) {
      this.#next ??= this.#letOthersIn();
      await this.#next;
    }
  }

  async #letOthersIn(): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) await setImmediate(); // one after the other
    this.#began = performance.now();
    this.#next = undefined;
  }
}
