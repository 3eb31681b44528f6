import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDatabase } from '../../src/storage/open.ts';
import type { Answer } from '../support/graph-client.ts';
import { startPostgresql } from '../support/postgresql-server.ts';
import { sendRaw } from '../support/raw-request.ts';
import { recordLog } from '../support/recorded-log.ts';
import { startServer, type TestServer } from '../support/server.ts';

interface Change {
  readonly allocationChanged: { readonly cursor: string; readonly allocation: { readonly serviceName: string } };
}
interface Allocated {
  readonly allocatePort: { readonly allocation: { readonly port: number } };
}

const subscription = 'subscription { allocationChanged(after: "0") { cursor allocation { serviceName } } }';
const mutation = `mutation ($name: String!) {
  allocatePort(input: {serviceName: $name}) { ... on AllocatePortSuccess { allocation { port } } }
}`;

/** Clients that allocate one port after the other, until they are stopped. */
function load(server: TestServer, clients: number) {
  const acknowledged = new Map<string, number>();
  const failures: Answer<unknown>[] = [];
  let stopped = false;
  const client = async (id: number) => {
    for (let count = 0; !stopped; count += 1) {
      const name = `client-${id}-${count}`;
      const answer = await server.post<Allocated>(mutation, { name }); // one after the other
      if (answer.errors) failures.push(answer);
      else acknowledged.set(name, answer.data.allocatePort.allocation.port);
    }
  };
  const running = Promise.all(Array.from({ length: clients }, (_, id) => client(id)));
  const stop = async () => {
    stopped = true;
    await running;
  };
  return { acknowledged, failures, stop };
}

describe('a PostgreSQL that stops under load', () => {
  it('costs requests an error and nobody a change, and is served again by itself', { timeout: 120_000 }, async () => {
    const postgresql = await startPostgresql();
    onTestFinished(() => postgresql.dispose());
    const { log } = recordLog();
    const database = await openDatabase({ databaseUrl: postgresql.url, dataDirectory: '', log, damaged: () => {} });
    onTestFinished(() => database.close());
    const server = await startServer({ database });
    const seen = [server.overWebsocket<Change>(subscription), server.overEventStream<Change>(subscription)].map(
      collect,
    );
    const { acknowledged, failures, stop } = load(server, 4);
    await vi.waitUntil(() => acknowledged.size >= 30, { timeout: 20_000 });

    await postgresql.stop();
    await vi.waitUntil(() => failures.length >= 8, { timeout: 20_000 });
    expect((await sendRaw(server.port, { path: '/ready' })).status).toBe(503);
    for (const { status, errors } of failures) {
      expect([status, errors?.[0]?.extensions?.code]).toEqual([503, 'UNAVAILABLE']);
    }
    const before = acknowledged.size;

    await postgresql.start();
    await vi.waitUntil(() => acknowledged.size >= before + 30, { timeout: 30_000 });
    await stop();
    expect((await sendRaw(server.port, { path: '/ready' })).status).toBe(200);

    const events = await server.feed.page({}, 0, 10_000);
    const log_ = events.map(({ number, allocation }) => `${number} ${allocation.serviceName}`);
    for (const each of seen) await vi.waitFor(() => expect(each).toEqual(log_), { timeout: 15_000 });
    const stored = new Map(events.map(({ allocation }) => [allocation.serviceName, Number(allocation.port)]));
    for (const [name, port] of acknowledged) expect(stored.get(name), name).toBe(port);
    expect(new Set(stored.values()).size).toBe(stored.size);
    expect(server.entries('error')).toEqual([]);
  });
});

/** What a subscriber has seen so far. */
function collect(deliveries: AsyncIterable<{ readonly data: Change }>): string[] {
  const seen: string[] = [];
  const read = async () => {
    for await (const { data } of deliveries) {
      seen.push(`${data.allocationChanged.cursor} ${data.allocationChanged.allocation.serviceName}`);
    }
  };
  read().catch(() => {}); // it ends with the server
  return seen;
}
