import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { createContext, type SchemaContext } from '../schema/context.ts';
import { keepDocuments, limitTokens, refuseInvalid } from './documents.ts';
import { maskError } from './errors.ts';
import type { Metrics } from './metrics.ts';
import { limitSubscriptions } from './subscription-limits.ts';

export const graphqlPath = '/graphql';

/** How many operations one request may carry. */
const largestHttpBatch = 10;

interface GraphqlOptions {
  readonly schema: GraphQLSchema;
  readonly services: Pick<SchemaContext, 'registry' | 'feed' | 'prisma'>;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export type Graphql = ReturnType<typeof createGraphql>;

/** The graph over HTTP and server-sent events, with GraphiQL served from the package. */
export function createGraphql({ schema, services, log, metrics }: GraphqlOptions) {
  return createYoga({
    schema,
    context: createContext(services),
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
    plugins: [limitTokens(), refuseInvalid(), limitSubscriptions(), countOperations(metrics)],
  });
}

const firstQuery = `# What is held on this host, and how full its ranges are.
query Overview {
  portRanges { environment start end used available }
  portAllocations(first: 20) {
    totalCount
    edges { node { port serviceName environment status worktree { path branch } } }
  }
}
`;

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
