import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { type RawAnswer, sendRaw } from '../support/raw-request.ts';
import { shareServer } from '../support/server.ts';

const runs = { numRuns: 150 };

/** Text as nobody sane sends it: control characters, NUL, halves of surrogate pairs, paths, very long ones. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\0', '\ud800', '\udfff', '\u202e', '\n', '\u0007', '"', '\\', '%', '🚢') }),
  fc.constantFrom(
    '',
    ' ',
    '.',
    '..',
    'a/b',
    './a',
    '/',
    '//',
    '/a/../..',
    'C:',
    'C:\\x',
    '\\\\host\\share',
    '~',
    '/proc/self/root',
    '/dev/null',
  ),
  fc.integer({ min: 200, max: 3_000 }).map((length) => 'x'.repeat(length)),
);
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 1e308, 2 ** 53, 65_535, 65_536, 8_000, Number.MIN_VALUE),
);
const json = fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' });
const anything = fc.oneof(text, number, fc.boolean(), fc.constant(null), json, fc.array(text, { maxLength: 3 }));
const sometimes = <Value>(fitting: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 3, arbitrary: fitting }, { weight: 1, arbitrary: anything });

const owner = fc.record(
  { worktreePath: sometimes(text), codebaseId: sometimes(text), conversationId: sometimes(text) },
  { requiredKeys: [] },
);
const input = fc.record(
  {
    serviceName: sometimes(text),
    description: sometimes(text),
    preferredPort: sometimes(number),
    exactPort: sometimes(number),
    metadata: sometimes(fc.dictionary(text, json)),
    publicHostnames: sometimes(fc.array(text, { maxLength: 3 })),
    environment: sometimes(fc.constantFrom('DEV', 'TEST', 'PRODUCTION')),
    owner: sometimes(owner),
    host: sometimes(text),
    force: sometimes(fc.boolean()),
  },
  { requiredKeys: ['serviceName'] },
);

/** A selection as deep and wide as it likes, of fields that exist and fields that do not. */
const { selection } = fc.letrec<{ selection: string; field: string }>((tie) => ({
  field: fc
    .tuple(
      fc.constantFrom(
        'hosts',
        'worktrees',
        'codebases',
        'allocations',
        'codebase',
        'host',
        'ranges',
        'id',
        'nothing',
        '__typename',
        '__schema',
        '...F',
        '... on Host',
      ),
      fc.option(tie('selection'), { maxDepth: 40, nil: '' }),
    )
    .map(([name, rest]) => `${name} ${rest}`),
  selection: fc.array(tie('field'), { minLength: 1, maxLength: 4 }).map((fields) => `{ ${fields.join(' ')} }`),
}));

describe('whatever a client sends', () => {
  const server = shareServer(embedded);

  afterEach(async () => {
    expect((await server().post('{ __typename }')).data).toEqual({ __typename: 'Query' });
    expect(server().entries('error')).toEqual([]);
  });

  /** No fault of ours, and nothing of our code in the answer. */
  function expectClean({ status, text: answer }: RawAnswer): void {
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
    expect(answer).not.toMatch(/\n\s+at |node_modules|\.[jt]s:\d|INTERNAL_SERVER_ERROR|prisma|wharfinger\.\w+_/i);
    if (status >= 400 && answer !== '') {
      expect(JSON.parse(answer).errors[0].message).toMatch(/\w/);
    }
  }

  const post = (body: string | Uint8Array, headers = {}) =>
    sendRaw(server().port, {
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
      body,
    });

  it('as an input is granted, refused by a member, or answered with 400', async () => {
    const query =
      'mutation ($input: AllocatePortInput!) { allocatePort(input: $input) { __typename ... on Error { message } } }';
    const property = fc.asyncProperty(input, async (given) => {
      const answer = await post(JSON.stringify({ query, variables: { input: given } }));
      expectClean(answer);
      expect([200, 400]).toContain(answer.status);
    });
    await fc.assert(property, runs);
  });

  it('as a filter finds something, nothing, or is answered with 400', async () => {
    const query = `query ($where: AllocationFilter, $events: EventFilter, $path: String!, $name: String, $id: ID!, $port: Port!, $after: String, $cursor: EventCursor, $first: Int) {
      portAllocations(where: $where, after: $after, first: $first) { totalCount edges { node { id } } }
      allocationEvents(where: $events, after: $cursor, first: $first) { cursor }
      worktree(path: $path, host: $name) { id }
      codebase(id: $id) { id }
      host(name: $name) { name }
      portRanges(host: $name) { used }
      checkPort(port: $port, host: $name) { explanation }
      recommendPort(serviceName: $id, host: $name) { port }
    }`;
    const where = fc.record(
      {
        host: text,
        serviceName: text,
        codebaseId: text,
        conversationId: text,
        worktreePath: text,
        ports: fc.array(number, { maxLength: 2 }),
        orphaned: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    const events = fc.record(
      { host: text, codebaseId: text, conversationId: text, worktreePath: text },
      { requiredKeys: [] },
    );
    const variables = fc.record(
      {
        where,
        events,
        path: text,
        name: text,
        id: text,
        port: sometimes(fc.constant(8_000)),
        after: text,
        cursor: text,
        first: sometimes(number),
      },
      { requiredKeys: ['path', 'id', 'port'] },
    );
    const property = fc.asyncProperty(variables, async (given) => {
      const answer = await post(JSON.stringify({ query, variables: given }));
      expectClean(answer);
    });
    await fc.assert(property, runs);
  });

  it('as a query, deep and wide, is answered or refused', async () => {
    const property = fc.asyncProperty(selection, fc.string(), async (given, noise) => {
      expectClean(await post(JSON.stringify({ query: given })));
      expectClean(await post(JSON.stringify({ query: `${given} fragment F on Host { name ...F }` })));
      expectClean(await post(JSON.stringify({ query: `${given.slice(0, noise.length)}${noise}` })));
    });
    await fc.assert(property, runs);
  });

  it('as a body, of whatever bytes or JSON, is refused', async () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      json.map((value) => JSON.stringify(value)),
      fc
        .record(
          { query: anything, variables: anything, operationName: anything, extensions: anything },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value)),
      fc.array(fc.record({ query: anything }), { maxLength: 12 }).map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(body, async (given) => expectClean(await post(given))),
      runs,
    );
  });

  it('as headers and paths, is answered or refused', async () => {
    const value = fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,200}$/);
    const names = [
      'accept',
      'accept-encoding',
      'accept-language',
      'authorization',
      'cookie',
      'origin',
      'referer',
      'sec-fetch-site',
      'x-forwarded-host',
      'host',
      'range',
      'if-none-match',
      'expect',
      'graphql-require-preflight',
      'content-type',
    ];
    const headers = fc.dictionary(fc.constantFrom(...names), value);
    const path = fc.stringMatching(/^\/[\x21-\x7e]{0,100}$/);
    const property = fc.asyncProperty(headers, path, async (given, where) => {
      expectClean(await post('{"query": "{ __typename }"}', given));
      expectClean(await sendRaw(server().port, { path: where, headers: given }));
      expectClean(await sendRaw(server().port, { path: `/graphql${where}`, headers: given }));
      expectClean(
        await sendRaw(server().port, {
          path: `/graphql?${where}`,
          headers: { ...given, 'graphql-require-preflight': '1' },
        }),
      );
    });
    await fc.assert(property, runs);
  });
});
