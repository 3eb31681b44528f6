import { GraphQLError } from 'graphql';
import { TimeSlices } from '../storage/time-slices.ts';

/** What a small operation costs at most: its answer may be built whatever others have not read yet. */
const smallComplexity = 1_000;
/** What a light operation costs at most: it does not wait for heavy ones. */
export const lightComplexity = 10_000;
/** How much complexity of light operations may be under way at once. */
const mostLight = 250_000;
/** How many heavy queries may be under way at once, each of which can take some hundred megabytes while it is answered. */
const mostHeavyQueries = 1;
/** How many heavy mutations may: these wait for more than the database. */
const mostHeavyMutations = 4;
/** How many operations of a lane may wait for their turn. */
const mostWaiting = 500;
/** How many heavy operations of one kind may wait on one connection, so that no client fills the lane. */
const mostHeavyWaitingOfClient = 10;
/** How many items of a list go through in one piece, so that what they ask for is loaded together. */
export const atOnce = 250;

/** The connection or request that an operation came by. */
export interface Client {
  /** Whether nobody is left who could read an answer. */
  isGone(): boolean;
}

/** Whether the answers that clients have not read yet leave room in memory for another one. */
export interface AnswerRoom {
  hasRoom(): boolean;
  /** Resolves once there is room. */
  room(): Promise<void>;
}

/** Heavy queries run one after another, and let others in between. */
export class Turns {
  readonly #answers: AnswerRoom;
  readonly #small = new Lane(mostLight, mostWaiting);
  readonly #light = new Lane(mostLight, mostWaiting);
  readonly #heavy = {
    query: new Lane(mostHeavyQueries, mostHeavyWaitingOfClient),
    mutation: new Lane(mostHeavyMutations, mostHeavyWaitingOfClient),
  };
  readonly #slices = new TimeSlices();

  constructor(answers: AnswerRoom) {
    this.#answers = answers;
  }

  /** Waits for an operation's turn, and resolves with what is to be called when it is done; not a promise where it need not wait. */
  take(complexity: number, kind: 'query' | 'mutation', client: Client): (() => void) | Promise<() => void> {
    if (complexity <= smallComplexity) return this.#small.take(complexity, client);
    const turn =
      complexity <= lightComplexity ? this.#light.take(complexity, client) : this.#heavy[kind].take(1, client);
    if (typeof turn === 'function' && this.#answers.hasRoom()) return turn;
    return Promise.resolve(turn).then(async (done) => {
      await this.#answers.room();
      return done;
    });
  }

  /** Lets whatever else waits for the event loop go first, once the current piece of work has taken long enough. */
  pause(): Promise<void> {
    return this.#slices.pause();
  }

  /** The items of a long list, with a pause wherever one is due. */
  async *inSlices<Item>(items: readonly Item[]): AsyncGenerator<Item, void> {
    for (const [index, item] of items.entries()) {
      if (index % atOnce === 0) await this.pause();
      yield item;
    }
  }
}

interface Waiting {
  readonly weight: number;
  readonly client: Client;
  readonly go: () => void;
  /** Ends the wait without a turn. */
  readonly drop: () => void;
}

/** A weighted semaphore: first come, first served. */
class Lane {
  readonly #most: number;
  #underWay = 0;
  readonly #mostWaitingOfClient: number;
  #waiting: Waiting[] = [];

  constructor(most: number, mostWaitingOfClient: number) {
    this.#most = most;
    this.#mostWaitingOfClient = mostWaitingOfClient;
  }

  take(weight: number, client: Client): (() => void) | Promise<() => void> {
    if (this.#waiting.length === 0 && this.#hasRoomFor(weight)) return this.#start(weight);
    if (this.#waiting.length >= mostWaiting) this.#dropGone();
    const ofClient = this.#waiting.filter((each) => each.client === client).length;
    if (ofClient >= this.#mostWaitingOfClient) {
      throw new GraphQLError(
        `${ofClient} operations of this connection wait for their turn already: wait until some are answered, or ask for less.`,
        { extensions: { code: 'UNAVAILABLE', http: { status: 503 } } },
      );
    }
    if (this.#waiting.length >= mostWaiting) {
      throw new GraphQLError('The server has too many operations to answer: try again shortly, or ask for less.', {
        extensions: { code: 'UNAVAILABLE', http: { status: 503 } },
      });
    }
    return new Promise((resolve) => {
      this.#waiting.push({
        weight,
        client,
        go: () => resolve(this.#start(weight)),
        drop: () => resolve(() => {}),
      });
    });
  }

  /** Makes room by no longer waiting for operations whose clients are gone. */
  #dropGone(): void {
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(({ client }) => !client.isGone());
    for (const each of waiting) if (each.client.isGone()) each.drop();
  }

  #hasRoomFor = (weight: number) => this.#underWay === 0 || this.#underWay + weight <= this.#most;

  #start(weight: number): () => void {
    this.#underWay += weight;
    let isUnderWay = true;
    return () => {
      if (!isUnderWay) return;
      isUnderWay = false;
      this.#underWay -= weight;
      for (;;) {
        const [next] = this.#waiting;
        if (!next || !this.#hasRoomFor(next.weight)) return;
        this.#waiting.shift();
        next.go();
      }
    };
  }
}
