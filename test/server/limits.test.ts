import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { largestBody } from '../../src/server/guards.ts';
import { embedded } from '../support/databases.ts';
import { sendRaw } from '../support/raw-request.ts';
import { shareServer, type TestServer } from '../support/server.ts';

const json = { 'content-type': 'application/json' };
const server = shareServer(embedded);
const post = (body: string, headers = {}) =>
  sendRaw(server().port, {
    method: 'POST',
    path: '/graphql',
    headers: { ...json, 'content-length': Buffer.byteLength(body), ...headers },
    body,
  });
const messageOf = (answer: { text: string }): string => JSON.parse(answer.text).errors[0].message;

/** What the server answers to bytes on a connection whose client then says nothing more. */
async function speak({ port }: TestServer, request: string, end = true): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  if (end) socket.end();
  return text(socket);
}

async function expectAnswering(): Promise<void> {
  expect((await server().post('{ __typename }')).data).toEqual({ __typename: 'Query' });
}

describe('the body of a request', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', '{"query": "{ __typename }"'],
    ['a number', '1'],
    ['null', 'null'],
    ['a string', '"{ __typename }"'],
    ['no query', '{}'],
    ['a query that is no string', '{"query": 1}'],
    ['variables that are no object', '{"query": "{ __typename }", "variables": "x"}'],
    ['an unknown member', '{"query": "{ __typename }", "surprise": true}'],
    ['an operation name that is no string', '{"query": "{ __typename }", "operationName": 5}'],
    ['an unknown operation name', '{"query": "query A { __typename }", "operationName": "B"}'],
    ['two operations and no name', '{"query": "query A { __typename } query B { __typename }"}'],
    ['a syntax error', '{"query": "{"}'],
    ['an unknown field', '{"query": "{ nothing }"}'],
    ['only a fragment', '{"query": "fragment A on Query { __typename }"}'],
  ])('with %s is refused in words', async (_what, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(messageOf(answer)).not.toMatch(/Something went wrong|\n\s+at /);
    expect(server().entries('error')).toEqual([]);
  });

  it('may be as large as a megabyte', async () => {
    const padding = (size: number) => `{"query": "{ __typename }"${' '.repeat(size)}}`;
    const fits = padding(largestBody - padding(0).length);
    expect((await post(fits)).status).toBe(200);
    const answer = await post(`${fits} `);
    expect([answer.status, messageOf(answer)]).toEqual([
      413,
      expect.stringContaining(`at most ${largestBody} bytes: send less`),
    ]);
  });

  it('must say how long it is', async () => {
    const headers = { ...json, 'transfer-encoding': 'chunked' };
    const answer = await sendRaw(server().port, { method: 'POST', path: '/graphql', headers, body: '{}' });
    expect([answer.status, messageOf(answer)]).toEqual([411, expect.stringContaining('Content-Length')]);
  });

  it.each(['-1', '1e9', 'x', '1, 2'])('with the length %s is refused', async (length) => {
    const head = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
    expect(await speak(server(), `${head}{}`)).toMatch(/^HTTP\/1\.1 4\d\d /);
    await expectAnswering();
  });

  it('that never comes whole, with a connection that ends, disturbs nobody', async () => {
    const head =
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n';
    expect(await speak(server(), `${head}{"query": "{ __type`)).not.toMatch(/^HTTP\/1\.1 (200|5)/);
    await expectAnswering();
    expect(server().entries('error')).toEqual([]);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['half a request line', 'GET /graph'],
    ['bytes', '\u0000\u0001\u0002\r\n\r\n'],
    [
      'two Content-Lengths',
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
    ],
    ['an enormous header', `GET /health HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`],
  ])('in place of which come %s disturbs nobody', async (_what, bytes) => {
    expect(await speak(server(), bytes)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    await expectAnswering();
  });
});

describe('an operation', () => {
  const query = (text: string) => post(JSON.stringify({ query: text }));
  const codes = (answer: { text: string }) =>
    JSON.parse(answer.text).errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code);

  it('may come with nine others', async () => {
    const batch = (count: number) =>
      post(JSON.stringify(Array.from({ length: count }, () => ({ query: '{ __typename }' }))));
    const ten = await batch(10);
    expect(JSON.parse(ten.text)).toEqual(Array.from({ length: 10 }, () => ({ data: { __typename: 'Query' } })));
    const eleven = await batch(11);
    expect([eleven.status, messageOf(eleven)]).toEqual([413, expect.stringContaining('limited to 10')]);
  });

  it.each([
    ['tokens', `{ ${'__typename '.repeat(3_000)} }`, /token/],
    ['tokens, deeply nested', '{a'.repeat(2_000), /token/],
    [
      'levels',
      `{ worktrees { codebase { worktrees { codebase { worktrees { codebase { worktrees { codebase { worktrees { codebase { worktrees { codebase { worktrees { id } } } } } } } } } } } } } }`,
      /depth is \d+, at most 12/,
    ],
    [
      'fields',
      `{ ${Array.from({ length: 251 }, (_, index) => `f${index}: latestEventCursor`).join(' ')} }`,
      /breadth is \d+, at most 250/,
    ],
    ['rows', '{ hosts(first: 1000) { worktrees(first: 1000) { id } } }', /complexity is \d+, at most 750000/],
    [
      'rows behind a fragment',
      'query { ...F } fragment F on Query { hosts(first: 1000) { worktrees(first: 1000) { id } } }',
      /complexity/,
    ],
    ['rows by a variable', 'query ($n: Int = 1000) { hosts(first: $n) { worktrees(first: $n) { id } } }', /complexity/],
  ])('with too many %s is refused before it is run', async (_what, text, message) => {
    const answer = await query(text);
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringMatching(message)]);
    expect(answer.text).not.toContain('"data":{');
  });

  it('with a circle of fragments is refused', async () => {
    const answer = await query('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }');
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining('Cannot spread fragment')]);
  });

  it('says by its code that it is too large', async () => {
    expect(codes(await query('{ hosts(first: 1000) { worktrees(first: 1000) { id } } }'))).toContain(
      'OPERATION_TOO_LARGE',
    );
  });

  it('may be the introspection that GraphiQL sends', async () => {
    const introspection = getIntrospectionQuery({
      inputValueDeprecation: true,
      schemaDescription: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      oneOf: true,
    });
    const answer = await query(introspection);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text).data.__schema.queryType).toMatchObject({ name: 'Query' });
  });
});

describe('a subscription by server-sent events', () => {
  it('has at most 64 KiB, whatever takes them', async () => {
    const query = 'subscription { allocationChanged { kind } }';
    const body = JSON.stringify({ query, variables: { unknown: 'x'.repeat(64 * 1_024) } });
    const answer = await post(body, { accept: 'text/event-stream' });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('at most 65536 bytes')]);
    expect(server().feed.status().subscribers).toBe(0);
  });
});

describe('introspection', () => {
  it('leaves aliases of __typename to ordinary queries, ten of them', async () => {
    const aliases = (count: number) => Array.from({ length: count }, (_, each) => `a${each}: __typename`).join(' ');
    const ten = await post(JSON.stringify({ query: `{ hosts { name } ${aliases(10)} }` }));
    expect(JSON.parse(ten.text).data).toMatchObject({ a0: 'Query', a9: 'Query' });
    for (const query of [`{ ${aliases(11)} }`, `{ ${'a'.repeat(33)}: __typename }`]) {
      const answer = await post(JSON.stringify({ query }));
      expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining('at most 10 aliases')]);
    }
  });

  it.each([
    '{ a: __schema { queryType { name } } }',
    '{ __schema { a: types { name } } }',
    '{ __schema { a: __typename } }',
  ])('takes no alias: %s', async (query) => {
    const answer = await post(JSON.stringify({ query }));
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining('take no alias')]);
  });
});
