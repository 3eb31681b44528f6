import { once } from 'node:events';
import { request } from 'node:http';
import { expect, it, onTestFinished, vi } from 'vitest';
import { embedded } from '../support/databases.ts';
import { sendOperation } from '../support/raw-request.ts';
import { startServer } from '../support/server.ts';

const padded = (operation: string, bytes: number) => `${operation} # ${'x'.repeat(bytes)}`;

it('bounds the bytes of all large requests that are not answered yet, and answers small ones beside them', async () => {
  const server = await startServer({ database: await embedded.open(), limits: { requestBytes: 50_000 } });
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const body = JSON.stringify({ query: padded('subscription { allocationChanged { kind } }', 35_000) });
  const underWay = request(server.url, { method: 'POST', headers: { ...headers, 'content-length': body.length } });
  onTestFinished(() => {
    underWay.destroy();
  });
  underWay.end(body);
  await once(underWay, 'response');
  const large = padded('{ __typename }', 20_000);
  const refusal = { message: expect.stringContaining('try again shortly'), extensions: { code: 'UNAVAILABLE' } };

  const refused = await sendOperation(server.port, {}, large);
  expect([refused.status, JSON.parse(refused.text)]).toEqual([503, { errors: [refusal] }]);
  expect((await sendOperation(server.port)).status).toBe(200);
  expect((await server.overWebsocket(large).next()).value).toMatchObject({ errors: [refusal] });
  expect((await server.overWebsocket('{ __typename }').next()).value).toEqual({ data: { __typename: 'Query' } });

  underWay.destroy();
  await vi.waitFor(async () => expect((await sendOperation(server.port, {}, large)).status).toBe(200));
  expect((await server.overWebsocket(large).next()).value).toEqual({ data: { __typename: 'Query' } });
});
