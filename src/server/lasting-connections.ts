/** How many connections may be WebSockets or server-sent events, so that some are always left for requests. */
const mostLasting = 3_072;

/** Counts the connections that stay open for as long as their clients like. */
export class LastingConnections {
  readonly message: string;
  readonly #most: number;
  #count = 0;

  constructor(most = mostLasting) {
    this.#most = most;
    this.message = `The server has ${most} WebSockets and event streams open, which is all that it serves: close some, or try again later.`;
  }

  /** One more; call the result once when it has ended. Undefined where there are enough. */
  join(): (() => void) | undefined {
    if (this.#count >= this.#most) return undefined;
    this.#count += 1;
    return () => {
      this.#count -= 1;
    };
  }
}
