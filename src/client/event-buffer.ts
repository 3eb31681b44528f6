interface Waiting<Value> {
  resolve(result: IteratorResult<Value, undefined>): void;
  reject(error: unknown): void;
}

/** Values between a producer that cannot be held back and a consumer that asks for one at a time. */
export class EventBuffer<Value> {
  readonly #values: Value[] = [];
  readonly #waiting: Waiting<Value>[] = [];
  readonly #drained = new Set<() => void>();
  #end: { error?: unknown } | undefined;

  /** How many values nobody has asked for yet. */
  get size(): number {
    return this.#values.length;
  }

  /** Takes a value; ignored after the end. */
  push(value: Value): void {
    if (this.#end) return;
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve({ done: false, value });
    else this.#values.push(value);
  }

  /** The next value, now or once there is one; after the last one the end, and its error once. */
  async next(): Promise<IteratorResult<Value, undefined>> {
    const value = this.#values.shift();
    if (this.#values.length === 0) this.#announceDrained();
    if (value !== undefined) return { done: false, value };
    if (!this.#end) return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    const { error } = this.#end;
    this.#end = {};
    if (error !== undefined) throw error;
    return { done: true, value: undefined };
  }

  /** Nothing follows what is buffered but `error`, if there is one. */
  finish(error?: unknown): void {
    if (this.#end) return;
    this.#end = error === undefined ? {} : { error };
    const [first, ...others] = this.#waiting.splice(0);
    if (first && error !== undefined) {
      this.#end = {};
      first.reject(error);
    } else {
      first?.resolve({ done: true, value: undefined });
    }
    for (const waiting of others) waiting.resolve({ done: true, value: undefined });
  }

  /** Ends at once, also for whoever waits. What is buffered is dropped. */
  discard(): void {
    this.#values.length = 0;
    this.#end ??= {};
    this.#end.error = undefined;
    for (const waiting of this.#waiting.splice(0)) waiting.resolve({ done: true, value: undefined });
    this.#announceDrained();
  }

  /** Resolves when everything buffered was asked for. */
  drained(): Promise<void> {
    if (this.#values.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.add(resolve));
  }

  #announceDrained(): void {
    for (const resolve of this.#drained) resolve();
    this.#drained.clear();
  }
}
