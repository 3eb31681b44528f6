/** A GraphQL request as it is posted. */
export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export type Environment = 'DEV' | 'TEST' | 'PRODUCTION';

/** What every answer is compared with: the whole way through the server, and nothing done. */
export const noop: Operation = { query: 'mutation Noop { noop }' };

/** How many conversations share the allocations of a bench. */
const owners = 64;
let lastService = 0;

/** Allocates a port to a service that nobody has asked for before. */
export function allocate(environment: Environment): Operation {
  const number = ++lastService;
  const owner = { conversationId: `conversation-${number % owners}` };
  return {
    query: `mutation Allocate($input: AllocatePortInput!) {
      allocatePort(input: $input) {
        __typename
        ... on AllocatePortSuccess { created allocation { port } }
        ... on Error { message }
      }
    }`,
    variables: { input: { serviceName: `service-${number}`, environment, owner } },
  };
}

/** Releases a port whoever holds it. */
export function release(port: number): Operation {
  return {
    query: `mutation Release($input: ReleasePortInput!) {
      releasePort(input: $input) {
        __typename
        ... on ReleasePortSuccess { allocation { port } }
        ... on Error { message }
      }
    }`,
    variables: { input: { port, force: true } },
  };
}

/** A worktree of a codebase and its services, granted together. */
export function registerWorktree(path: string, codebaseId: string, services: readonly string[]): Operation {
  return {
    query: `mutation Worktree($input: RegisterWorktreeInput!) {
      registerWorktree(input: $input) {
        __typename
        ... on RegisterWorktreeSuccess { worktree { path } }
        ... on Error { message }
      }
    }`,
    variables: {
      input: {
        path,
        codebaseId,
        branch: 'main',
        environment: 'PRODUCTION',
        services: services.map((serviceName) => ({ serviceName })),
      },
    },
  };
}

export function registerCodebase(id: string): Operation {
  return {
    query: `mutation Codebase($input: RegisterCodebaseInput!) {
      registerCodebase(input: $input) {
        __typename
        ... on RegisterCodebaseSuccess { codebase { id } }
        ... on Error { message }
      }
    }`,
    variables: { input: { id, name: id } },
  };
}

/** The longest list there is, with what each allocation belongs to. */
export const list: Operation = {
  query: `query List {
    portAllocations(first: 1000, where: { environments: [PRODUCTION] }) {
      edges {
        node {
          port serviceName status allocatedAt
          codebase { id name }
          worktree { path branch }
        }
      }
    }
  }`,
};

/** The same rows from the database, as the same JSON but for the edges. */
export const listSql = `
SELECT json_agg(row ORDER BY port)::text AS json FROM (
  SELECT a.port, json_build_object(
    'port', a.port, 'serviceName', a.service_name, 'status', a.status, 'allocatedAt', a.allocated_at,
    'codebase', CASE WHEN c.id IS NOT NULL THEN json_build_object('id', c.id, 'name', c.name) END,
    'worktree', CASE WHEN w.id IS NOT NULL THEN json_build_object('path', w.path, 'branch', w.branch) END
  ) AS row
  FROM wharfinger.port_allocation a
  LEFT JOIN wharfinger.codebase c ON c.id = a.codebase_id
  LEFT JOIN wharfinger.worktree w ON w.id = a.worktree_id
  WHERE a.environment = 'production' AND a.released_at IS NULL
  ORDER BY a.port LIMIT 1000
) listed`;

export const latestCursor: Operation = { query: '{ latestEventCursor }' };

/** Everything that happens after a cursor. */
export function subscription(after: unknown): Operation {
  return {
    query: `subscription Watch($after: EventCursor!) {
      allocationChanged(after: $after) { cursor kind occurredAt allocation { id port serviceName status } }
    }`,
    variables: { after },
  };
}

const questions: readonly ((number: number) => Operation)[] = [
  (number) => ({
    query: 'query Check($port: Port!) { checkPort(port: $port) { available } }',
    variables: { port: 1 + (number % 65_535) },
  }),
  (number) => ({
    query: `query Find($serviceName: String!) {
      portAllocations(first: 20, where: { serviceName: $serviceName }) { totalCount edges { node { port serviceName } } }
    }`,
    variables: { serviceName: `service-${number}` },
  }),
  (number) => ({
    query: `query Page($first: Int!) {
      portAllocations(first: $first) { edges { node { port status codebase { id } worktree { path } } } }
    }`,
    variables: { first: 1 + (number % 200) },
  }),
  () => ({ query: '{ portRanges { environment start end used available } }' }),
];

/** A question about one port, a service, a page of the list, or the ranges, by turns. */
export function reads(number: number): Operation {
  const [first, ...others] = questions;
  const question = others[number % questions.length] ?? first;
  if (!question) throw new Error('There are no questions.');
  return question(number);
}

/** The same operation with the values of its variables in its text, where they are no enums. */
export function inline({ query, variables }: Operation): Operation {
  const literal = (value: unknown, name?: string): string => {
    if (name === 'environment') return String(value);
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const fields = Object.entries(value).map(([key, each]) => `${key}: ${literal(each, key)}`);
    return `{ ${fields.join(', ')} }`;
  };
  const head = /^(\w+ \w+)\([^)]*\)/;
  const text = Object.entries(variables ?? {}).reduce(
    (body, [name, value]) => body.replaceAll(`$${name}`, () => literal(value)),
    query.replace(head, '$1'),
  );
  return { query: text };
}

/** The answer's only field; throws where the operation failed or was refused. */
export function answerOf(answer: unknown): unknown {
  const { data, errors } = answer as { data?: Record<string, unknown>; errors?: unknown }; // GraphQL over HTTP
  const [value] = Object.values(data ?? {});
  const refused = typeof value === 'object' && value !== null && 'message' in value;
  if (errors !== undefined || value === undefined || refused) throw new Error(`Refused: ${JSON.stringify(answer)}`);
  return value;
}

/** The ports of answers to `allocate`. */
export function portsOf(answers: readonly unknown[]): number[] {
  return answers.map((answer) => {
    const { created, allocation } = answerOf(answer) as { created: boolean; allocation: { port: number } }; // as selected
    if (!created) throw new Error(`Port ${allocation.port} was held already.`);
    return allocation.port;
  });
}
