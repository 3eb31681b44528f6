import { GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { textOf } from './documents.ts';

/** How many bytes one subscription's payload may have: its text and its variables. */
const largestSubscription = 64 * 1_024;
/** How many characters the texts and variables of all subscriptions may have together. */
const mostSubscribedCharacters = 8 << 20;

/** Bounds what subscriptions hold for as long as they last, over WebSockets and server-sent events alike. */
export function limitSubscriptions(): Plugin {
  let characters = 0;
  return {
    onSubscribe({ args, setSubscribeFn, subscribeFn, context }) {
      const { document, operationName } = args;
      const text = textOf(document);
      const declared = getOperationAST(document, operationName)?.variableDefinitions ?? [];
      const given: Readonly<Record<string, unknown>> = args.variableValues ?? {};
      const bytes = Math.max(contentLength(context.request), Buffer.byteLength(text + JSON.stringify(given)));
      // What is not declared is not kept.
      const names = declared.map(({ variable }) => variable.name.value).filter((name) => name in given);
      args.variableValues = Object.fromEntries(names.map((name) => [name, given[name]]));
      if (bytes > largestSubscription) {
        const message = `A subscription has at most ${largestSubscription} bytes with its variables, and this one has ${bytes}: ask for fewer things in its filter, or subscribe more than once.`;
        return setSubscribeFn(() => refusal(message, 'OPERATION_TOO_LARGE', 400));
      }
      if (characters + bytes > mostSubscribedCharacters) {
        const message = 'The server has as many subscriptions as it can hold: end some, or try again later.';
        return setSubscribeFn(() => refusal(message, 'UNAVAILABLE', 503));
      }
      characters += bytes;
      let isHeld = true;
      const release = () => {
        if (isHeld) characters -= bytes;
        isHeld = false;
      };
      setSubscribeFn(async (subscribed) => {
        try {
          const stream = await subscribeFn(subscribed);
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
