import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createFeed } from '../../src/feed/feed.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { DatabaseUnavailable } from '../../src/storage/database-error.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { openProxy } from '../client/tcp-proxy.ts';
import { databasePort, startReplicatedPostgresql } from '../support/postgresql-server.ts';
import { recordLog } from '../support/recorded-log.ts';
import { allocate, openRegistry } from '../support/registry.ts';

/** Allocates one port after the other for several services at once, until it is stopped. */
function load(registry: Registry) {
  const acknowledged = new Map<string, number>();
  const failures: unknown[] = [];
  let stopped = false;
  const client = async (id: number) => {
    for (let count = 0; !stopped; count += 1) {
      const name = `client-${id}-${count}`;
      const allocation = await allocate(registry, name).catch((error: unknown) => void failures.push(error)); // in turn
      if (allocation) acknowledged.set(name, allocation.port);
    }
  };
  const running = Promise.all(Array.from({ length: 4 }, (_, id) => client(id)));
  const stop = async () => {
    stopped = true;
    await running;
  };
  return { acknowledged, failures, stop };
}

describe.skipIf(process.platform === 'win32')('a failover to a standby', { timeout: 120_000 }, () => {
  it.each(['behind a relay', 'with both servers in the URL'])(
    '%s costs errors while it lasts, and neither a claim nor an event',
    async (how) => {
      const servers = await startReplicatedPostgresql();
      onTestFinished(() => servers.dispose());
      const { primary, standby, promote } = servers;
      const relay = await openProxy(databasePort(primary.url));
      const ports = how === 'behind a relay' ? [relay.port] : [databasePort(standby.url), databasePort(primary.url)];
      const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
      const databaseUrl = `postgresql://postgres:password@${hosts}/postgres?target_session_attrs=read-write`;
      const { log } = recordLog();
      const database = await openDatabase({ dataDirectory: '', databaseUrl, log, damaged: () => {} });
      onTestFinished(() => database.close());
      const feed = await createFeed(database, log);
      onTestFinished(() => feed.close());
      const seen: number[] = [];
      const events = await feed.subscribe({}, 0);
      const reading = (async () => {
        for await (const { number } of events) seen.push(number);
      })();
      const { acknowledged, failures, stop } = load(openRegistry(database));
      await vi.waitUntil(() => acknowledged.size >= 20, { timeout: 20_000 });

      relay.cut();
      await primary.stop();
      await vi.waitUntil(() => failures.length > 0, { timeout: 20_000 });
      await promote();
      relay.retarget(databasePort(standby.url));
      const before = acknowledged.size;
      await vi.waitUntil(() => acknowledged.size >= before + 20, { timeout: 60_000 });
      await stop();

      for (const failure of failures) expect(failure).toBeInstanceOf(DatabaseUnavailable);
      const logged = await feed.page({}, 0, 10_000);
      const stored = new Map(logged.map(({ allocation }) => [allocation.serviceName, Number(allocation.port)]));
      for (const [name, port] of acknowledged) expect(stored.get(name), name).toBe(port);
      expect(new Set(stored.values()).size).toBe(stored.size);
      const numbers = logged.map(({ number }) => number);
      await vi.waitFor(() => expect(seen).toEqual(numbers), { timeout: 15_000 });
      await events.return?.();
      await reading;
    },
  );
});
