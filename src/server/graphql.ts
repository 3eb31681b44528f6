import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { createContext, type SchemaContext } from '../schema/context.ts';
import { Allowance, answerTooLarge, Execution } from '../schema/execution.ts';
import { type AnswerRoom, type Client, Turns } from '../schema/turns.ts';
import { type Budget, type Budgets, smallRequest, tooManyRequestBytes } from './budgets.ts';
import { keepDocuments, limitTokens, refuseInvalid } from './documents.ts';
import { maskError } from './errors.ts';
import type { Metrics } from './metrics.ts';
import { dropUndeclared, limitSubscriptions } from './subscription-limits.ts';

export const graphqlPath = '/graphql';

/** How many operations one request may carry. */
const largestHttpBatch = 10;

interface GraphqlOptions {
  readonly schema: GraphQLSchema;
  readonly services: Pick<SchemaContext, 'registry' | 'feed' | 'prisma'>;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly budgets: Budgets;
  readonly answers: AnswerRoom;
}

export type Graphql = ReturnType<typeof createGraphql>;

/** The graph over HTTP and server-sent events, with GraphiQL served from the package. */
export function createGraphql({ schema, services, log, metrics, budgets, answers }: GraphqlOptions) {
  const shared = createContext(services);
  const turns = new Turns(answers);
  const allowances = new WeakMap<Request, Allowance>();
  return createYoga<object, SchemaContext>({
    schema,
    context: ({ request, client }: { readonly request?: Request; readonly client?: Client }) => {
      const allowance = (request && allowances.get(request)) ?? new Allowance();
      if (request) allowances.set(request, allowance);
      return { ...shared, execution: new Execution(turns, allowance, client ?? clientOf(request)) };
    },
    graphqlEndpoint: graphqlPath,
    landingPage: false,
    cors: false,
    multipart: false,
    batching: { limit: largestHttpBatch },
    // What goes wrong is logged once, where it is masked.
    logging: false,
    maskedErrors: { maskError: (error) => maskError(error, log) },
    // GraphiQL subscribes by GET, which takes this header.
    graphiql: {
      title: 'Wharfinger',
      defaultQuery: firstQuery,
      additionalHeaders: { 'graphql-require-preflight': '1' },
    },
    // The page and its scripts take 48 MB of memory, which only those pay who look at it.
    renderGraphiQL: async (options) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
    parserAndValidationCache: keepDocuments(),
    plugins: [
      limitTokens(),
      refuseInvalid(),
      limitSubscriptions(budgets.lasting),
      limitRequests(budgets.requestBytes),
      oneAfterAnother(),
      limitAnswers(),
      countOperations(metrics),
    ],
  });
}

/** The operations of a request run one after another, so that each may stand for the whole of it. */
const clientOf = (request: Request | undefined): Client => ({ isGone: () => request?.signal.aborted ?? false });

const firstQuery = `# What is held on this host, and how full its ranges are.
query Overview {
  portRanges { environment start end used available }
  portAllocations(first: 20) {
    totalCount
    edges { node { port serviceName environment status worktree { path branch } } }
  }
}
`;

/** Bounds the bytes of all requests whose operations are under way, once they are whole: nobody takes room by sending slowly. */
function limitRequests(requestBytes: Budget): Plugin {
  return {
    onParams({ request, paramsHandler, setParamsHandler }) {
      const length = Number(request.headers.get('content-length') ?? 0);
      const counted = length > smallRequest ? length : 0;
      setParamsHandler(async (payload) => {
        if (!requestBytes.fits(counted)) return { errors: [tooManyRequestBytes()] };
        const release = requestBytes.take(counted);
        try {
          return await paramsHandler(payload);
        } finally {
          release();
        }
      });
    },
  };
}

/** The operations of a batch wait for each other, so that one answer at a time is built. */
function oneAfterAnother(): Plugin {
  const before = new WeakMap<Request, Promise<unknown>>();
  return {
    onParams({ request, paramsHandler, setParamsHandler }) {
      setParamsHandler((payload) => {
        const previous = before.get(request);
        const answered = Promise.resolve(
          previous ? previous.then(() => paramsHandler(payload)) : paramsHandler(payload),
        );
        before.set(
          request,
          answered.catch(() => {}),
        );
        return answered;
      });
    },
  };
}

/** Ends an operation's turn; an answer that has become too large is not sent in part. */
function limitAnswers(): Plugin<SchemaContext> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      dropUndeclared(args);
      const { execution } = args.contextValue;
      setExecuteFn(async (executed) => {
        try {
          const result = await executeFn(executed);
          return execution.allowance.isExceeded ? { errors: [answerTooLarge()] } : result;
        } finally {
          await execution.end();
        }
      });
    },
  };
}

function countOperations(metrics: Metrics): Plugin {
  return {
    onExecute: ({ args }) => ({
      onExecuteDone: ({ result }) => metrics.countOperation(args, 'errors' in result && result.errors !== undefined),
    }),
    onSubscribe: ({ args }) => ({
      onSubscribeResult: ({ result }) => metrics.countOperation(args, 'errors' in result),
    }),
  };
}
