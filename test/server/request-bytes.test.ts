import { expect, it, vi } from 'vitest';
import { embedded } from '../support/databases.ts';
import { sendOperation } from '../support/raw-request.ts';
import { openRegistry } from '../support/registry.ts';
import { startServer } from '../support/server.ts';

const padded = (operation: string, bytes: number) => `${operation} # ${'x'.repeat(bytes)}`;

it('bounds the bytes of all large requests that are being answered, and answers small ones beside them', async () => {
  const database = await embedded.open();
  const registry = openRegistry(database);
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const checkPort = vi.fn<typeof registry.checkPort>(async (input) => {
    await answered;
    return registry.checkPort(input);
  });
  const limits = { requestBytes: 50_000 };
  const server = await startServer({ database, registry: { ...registry, checkPort }, limits });
  const underWay = server.post(padded('{ checkPort(port: 8000) { available } }', 35_000));
  await vi.waitFor(() => expect(checkPort).toHaveBeenCalled());
  const large = padded('{ __typename }', 20_000);
  const refusal = { message: expect.stringContaining('try again shortly'), extensions: { code: 'UNAVAILABLE' } };

  const refused = await sendOperation(server.port, {}, large);
  expect([refused.status, JSON.parse(refused.text)]).toEqual([503, { errors: [refusal] }]);
  expect((await sendOperation(server.port)).status).toBe(200);
  expect((await server.overWebsocket(large).next()).value).toMatchObject({ errors: [refusal] });
  expect((await server.overWebsocket('{ __typename }').next()).value).toEqual({ data: { __typename: 'Query' } });

  answer();
  expect((await underWay).data).toEqual({ checkPort: { available: true } });
  expect((await sendOperation(server.port, {}, large)).status).toBe(200);
  expect((await server.overWebsocket(large).next()).value).toEqual({ data: { __typename: 'Query' } });
});
