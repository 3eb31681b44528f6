import { GraphQLError } from 'graphql';
import { complexityLimits } from './limits.ts';
import { atOnce, type Client, lightComplexity, type Turns } from './turns.ts';

/** How many bytes the answer to one request may have, all operations of a batch together. */
export const largestAnswer = 32 << 20;

/** What the operations of one request may still take. */
export class Allowance {
  #bytes = 0;
  #complexity = 0;

  /** Counts bytes of the answer; throws once it is too large. */
  addBytes(bytes: number): void {
    this.#bytes += bytes;
    if (this.isExceeded) throw answerTooLarge();
  }

  /** Counts an operation of a batch; throws where it does not fit with those before it. */
  addOperation(complexity: number): void {
    this.#complexity += complexity;
    if (this.#complexity <= complexityLimits.complexity) return;
    const message = `The operations of one request are too large: their complexity is ${this.#complexity} up to this one, at most ${complexityLimits.complexity} is answered. Send this one in another request.`;
    throw new GraphQLError(message, { extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } } });
  }

  get isExceeded(): boolean {
    return this.#bytes > largestAnswer;
  }

  /** For the next event of a subscription, which is an answer of its own. */
  forgetBytes(): void {
    this.#bytes = 0;
  }
}

const askForLess =
  'Ask for fewer fields, or for one page after the other with first and skip; a mutation has been carried out.';

/** An answer that was given up while it was built. */
export const answerTooLarge = (advice = askForLess) =>
  new GraphQLError(`The answer is too large: at most ${largestAnswer} bytes are sent. ${advice}`, {
    extensions: { code: 'RESPONSE_TOO_LARGE', http: { status: 400 } },
  });

interface Cost {
  readonly complexity: number;
  readonly kind: 'query' | 'mutation';
}

/** One operation while it is executed: when it may begin, and how far it may go. */
export class Execution {
  readonly allowance: Allowance;
  /** Where the operation came from. */
  readonly client: Client;
  readonly #turns: Turns;
  #isHeavy = false;
  #turn: ReturnType<Turns['take']> | undefined;
  #before: Promise<unknown> = Promise.resolve();

  constructor(turns: Turns, allowance: Allowance, client: Client) {
    this.#turns = turns;
    this.client = client;
    this.allowance = allowance;
  }

  /** Resolves a field of the query or mutation once it is the operation's turn; those of a heavy operation one after another. */
  run(cost: Cost, resolve: () => unknown): unknown {
    this.#turn ??= this.#take(cost);
    if (!this.#isHeavy && typeof this.#turn === 'function') return resolve();
    const resolved = this.#before.then(async () => {
      await this.#turn;
      await this.#turns.pause();
      this.allowance.addBytes(0);
      return resolve();
    });
    if (this.#isHeavy) this.#before = resolved.catch(() => {});
    return resolved;
  }

  /** The operation's turn; for all of its fields alike, a refusal where it gets none or its client has gone meanwhile. */
  #take({ complexity, kind }: Cost): (() => void) | Promise<() => void> {
    try {
      this.allowance.addOperation(complexity);
      this.#isHeavy = complexity > lightComplexity;
      const turn = this.#turns.take(complexity, kind, this.client);
      if (typeof turn === 'function') return turn;
      return turn.then((done) => {
        if (!this.client.isGone()) return done;
        done();
        throw new GraphQLError('The client has gone: the operation was not begun.', {
          extensions: { code: 'UNAVAILABLE' },
        });
      });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** A list as the executor is to go through it: a heavy operation's in slices, so that others are answered meanwhile. */
  list<Item>(items: readonly Item[]): readonly Item[] | AsyncGenerator<Item, void> {
    return this.#isHeavy && items.length > atOnce ? this.#turns.inSlices(items) : items;
  }

  /** Lets the next operation in. */
  async end(): Promise<void> {
    try {
      const done = await this.#turn;
      done?.();
    } catch {
      // It got no turn, which its fields have said.
    }
  }
}
