import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Execution } from '../schema/execution.ts';
import { Budget, tooManyLasting } from './budgets.ts';
import { textOf } from './documents.ts';

/** How many bytes one subscription's payload may have: its text and its variables. */
const largestSubscription = 64 * 1_024;
/** How many bytes those of all subscriptions on one WebSocket may have, of what they keep. */
const mostSubscribedOfClient = 512 * 1_024;
/** The same for all subscriptions there are. */
const mostSubscribed = 8 << 20;

/** Bounds what subscriptions hold for as long as they last, over WebSockets and server-sent events alike. */
export function limitSubscriptions(lasting: Budget): Plugin<{ readonly execution?: Execution }> {
  const subscribed = new Budget(mostSubscribed);
  const subscribedOf = new WeakMap<object, Budget>(); // by client
  return {
    onSubscribe({ args, setSubscribeFn, subscribeFn, context }) {
      const { request } = context;
      const client = context.execution?.client ?? context;
      const text = textOf(args.document);
      const sent = Math.max(
        contentLength(request),
        Buffer.byteLength(text + JSON.stringify(args.variableValues ?? {})),
      );
      dropUndeclared(args);
      const bytes = Math.max(contentLength(request), Buffer.byteLength(text + JSON.stringify(args.variableValues)));
      if (sent > largestSubscription) {
        const message = `A subscription has at most ${largestSubscription} bytes with its variables, and this one has ${sent}: ask for fewer things in its filter, or subscribe more than once.`;
        return setSubscribeFn(() => refusal(message, 'OPERATION_TOO_LARGE', 400));
      }
      const ofClient = subscribedOf.get(client) ?? new Budget(mostSubscribedOfClient);
      subscribedOf.set(client, ofClient);
      if (!ofClient.fits(bytes)) {
        const message = `The subscriptions of one connection have at most ${mostSubscribedOfClient} bytes with their variables: end some, or open another connection.`;
        return setSubscribeFn(() => refusal(message, 'OPERATION_TOO_LARGE', 400));
      }
      if (!subscribed.fits(bytes)) {
        const message = 'The server has as many subscriptions as it can hold: end some, or try again later.';
        return setSubscribeFn(() => refusal(message, 'UNAVAILABLE', 503));
      }
      // A WebSocket counts already.
      const connections = request ? 1 : 0;
      if (!lasting.fits(connections)) {
        return setSubscribeFn(() => refusal(tooManyLasting(lasting), 'UNAVAILABLE', 503));
      }
      const taken = [lasting.take(connections), subscribed.take(bytes), ofClient.take(bytes)];
      const release = () => {
        for (const giveBack of taken) giveBack();
      };
      setSubscribeFn(async (executed) => {
        try {
          const stream = await subscribeFn(executed);
          if (!isStream(stream)) {
            release();
            return stream;
          }
          return releasing(stream, release);
        } catch (error) {
          release();
          throw error;
        }
      });
    },
  };
}

/** Drops what of an operation's variables it does not declare: nobody reads it, and it would be kept while the operation lasts. */
export function dropUndeclared(args: ExecutionArgs): void {
  const declared = getOperationAST(args.document, args.operationName)?.variableDefinitions ?? [];
  const given: Readonly<Record<string, unknown>> = args.variableValues ?? {};
  const names = declared.map(({ variable }) => variable.name.value).filter((name) => name in given);
  args.variableValues = Object.fromEntries(names.map((name) => [name, given[name]]));
}

const refusal = (message: string, code: string, status: number) => ({
  errors: [new GraphQLError(message, { extensions: { code, http: { status } } })],
});

const contentLength = (request: Request | undefined) => Number(request?.headers.get('content-length') ?? 0);

const isStream = (result: unknown): result is AsyncIterableIterator<unknown> =>
  typeof result === 'object' && result !== null && Symbol.asyncIterator in result;

/** The same stream, which says once that it has ended. `return` ends it also while `next` waits, as a generator's would not. */
function releasing<Each>(stream: AsyncIterableIterator<Each>, release: () => void): AsyncIterableIterator<Each> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        const result = await stream.next();
        if (result.done) release();
        return result;
      } catch (error) {
        release();
        throw error;
      }
    },
    async return(value) {
      release();
      return (await stream.return?.(value)) ?? { done: true, value: undefined };
    },
  };
}
