import { GraphQLError } from 'graphql';

/** Counts how much of something is in use. Call `fits` before `take`, which does not refuse. */
export class Budget {
  readonly most: number;
  #taken = 0;

  constructor(most: number) {
    this.most = most;
  }

  fits(amount: number): boolean {
    return this.#taken + amount <= this.most;
  }

  /** Takes an amount; the result gives it back, once, however often it is called. */
  take(amount: number): () => void {
    this.#taken += amount;
    let isTaken = true;
    return () => {
      if (isTaken) this.#taken -= amount;
      isTaken = false;
    };
  }
}

/** What all clients together may have in use. */
const serverLimits = {
  /** Connections that are WebSockets or server-sent events, so that some are always left for requests. */
  lasting: 3_072,
  /** Bytes of requests and messages that have come whole and are not answered yet: what is parsed of them can take 20 times that. */
  requestBytes: 32 << 20,
};

/** Requests and messages up to this size, in bytes, are answered however many large ones there are. */
export const smallRequest = 16 << 10;

export type ServerLimits = typeof serverLimits;

/** What is counted across the connections of a server. */
export interface Budgets {
  /** Connections that stay open for as long as their clients like. */
  readonly lasting: Budget;
  /** Whole requests and messages that are not answered yet. */
  readonly requestBytes: Budget;
}

export function createBudgets(limits: Partial<ServerLimits> = {}): Budgets {
  const { lasting, requestBytes } = { ...serverLimits, ...limits };
  return { lasting: new Budget(lasting), requestBytes: new Budget(requestBytes) };
}

export const tooManyLasting = ({ most }: Budget) =>
  `The server has ${most} WebSockets and event streams open, which is all that it serves: close some, or try again later.`;

export const tooManyRequestBytes = () =>
  new GraphQLError('The server is handling too many large requests: try again shortly, or send smaller ones.', {
    extensions: { code: 'UNAVAILABLE', http: { status: 503 } },
  });
