import { expect, it, onTestFinished } from 'vitest';
import { createEventSocket } from '../../src/client/event-socket.ts';
import { AllocationChangedDocument } from '../../src/client/gql/graphql.ts';
import { embedded } from '../support/databases.ts';
import { startServer } from '../support/server.ts';
import { openProxy } from './tcp-proxy.ts';

it('loses a connection that is open but carries nothing any more', async () => {
  const server = await startServer({ database: await embedded.open() });
  const proxy = await openProxy(server.port);
  const socket = createEventSocket({
    url: proxy.url,
    token: undefined,
    timeoutMs: 5_000,
    pingAfterMs: 10,
    pongTimeoutMs: 500,
  });
  const ending = new Promise((resolve) => {
    const stop = socket.subscribe(
      AllocationChangedDocument,
      {},
      { connected: proxy.freeze, next: () => {}, lost: resolve },
    );
    onTestFinished(stop);
  });
  expect(await ending).toMatchObject({ code: 4499 });
});
