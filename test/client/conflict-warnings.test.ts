import { describe, expect, it, vi } from 'vitest';
import type { Conflict, ConflictWarnings } from '../../src/client/client.ts';
import { conflictWarnings } from '../../src/client/conflict-warnings.ts';
import type { SeenListener } from '../../src/domain/observation.ts';
import { asPort } from '../../src/domain/port.ts';
import { type Engine, embedded, engines } from '../support/databases.ts';
import { listener, openRegistry, seeing } from '../support/registry.ts';
import { startServer } from '../support/server.ts';
import { aConflict } from './conflict.ts';
import { openClient } from './registry-client.ts';
import { openProxy } from './tcp-proxy.ts';

/** A host, a server that looks at it, and a client whose connections can be cut. */
async function openHost(engine: Engine = embedded) {
  const database = await engine.open();
  const listeners: SeenListener[] = [];
  const server = await startServer({ database, observer: seeing(listeners) });
  const proxy = await openProxy(server.port);
  /** From now on exactly these listen, and the server has seen it. */
  const listen = async (ports: readonly number[], { registry } = server) => {
    listeners.splice(0, listeners.length, ...ports.map((port) => listener(port)));
    await registry.scanHost();
  };
  return { database, listeners, server, proxy, listen, client: openClient({ url: proxy.url }) };
}

const told = ({ port, state }: Conflict) => `${port} ${state}`;

/** What the next so many warnings tell; the iteration stays open. */
async function take(warnings: ConflictWarnings, count: number): Promise<string[]> {
  const conflicts: string[] = [];
  while (conflicts.length < count) {
    const { value } = await warnings.next(); // in order
    if (!value) expect.fail(`ended after ${conflicts.length} of ${count} warnings`);
    conflicts.push(told(value));
  }
  return conflicts;
}

describe.each(engines)('conflict warnings on $name', (engine) => {
  it('begin with the open ones, and tell each that opens and resolves', async () => {
    const { client, listen } = await openHost(engine);
    await listen([8_100, 8_200]);
    const warnings = client.conflictWarning();
    const { value } = await warnings.next();
    expect(value).toMatchObject({
      kind: 'UNREGISTERED_LISTENER',
      state: 'OPEN',
      port: 8_100,
      host: { name: 'quay' },
      listener: { port: 8_100, processId: 4_711, processName: 'node', worktree: null },
      actions: ['ADOPT', 'DISMISS'],
      resolvedAt: null,
    });
    expect(await take(warnings, 1)).toEqual(['8200 OPEN']);
    await listen([8_200, 8_300]);
    expect((await take(warnings, 2)).sort()).toEqual(['8100 RESOLVED', '8300 OPEN']);
  });

  it('tell only what changed while the connection was lost', async () => {
    const { client, listen, proxy } = await openHost(engine);
    await listen([8_100, 8_200]);
    const warnings = client.conflictWarning();
    expect(await take(warnings, 2)).toEqual(['8100 OPEN', '8200 OPEN']);
    await proxy.close();
    await listen([8_200, 8_300]);
    await proxy.open();
    expect((await take(warnings, 2)).sort()).toEqual(['8100 RESOLVED', '8300 OPEN']);
    await listen([]);
    expect((await take(warnings, 2)).sort()).toEqual(['8200 RESOLVED', '8300 RESOLVED']);
  });
});

describe('conflict warnings', () => {
  it('say that everything is resolved where nothing is open after a lost connection', async () => {
    const { client, listen, proxy } = await openHost();
    await listen([8_100, 8_200]);
    const warnings = client.conflictWarning();
    await take(warnings, 2);
    await proxy.close();
    await listen([]);
    await proxy.open();
    const { value } = await warnings.next();
    expect(value).toMatchObject({ state: 'RESOLVED', actions: [], resolvedAt: expect.any(String) });
    expect(await take(warnings, 1)).toEqual([expect.stringMatching(/^8[12]00 RESOLVED$/)]);
  });

  it('go on where they were when the server was restarted', async () => {
    const { client, database, listeners, listen, proxy, server } = await openHost();
    await listen([8_100, 8_200]);
    const warnings = client.conflictWarning();
    await take(warnings, 2);
    await server.close();
    const restarted = await startServer({ database, observer: seeing(listeners) });
    await listen([8_200], restarted);
    proxy.retarget(restarted.port);
    expect(await take(warnings, 1)).toEqual(['8100 RESOLVED']);
    await listen([8_200, 8_300], restarted);
    expect(await take(warnings, 1)).toEqual(['8300 OPEN']);
  });

  it('stay right over many cut connections', async () => {
    const { client, listen, proxy } = await openHost();
    const warnings = client.conflictWarning({ waitForServer: true });
    const open = new Set<number>();
    const follow = async (count: number) => {
      for (const text of await take(warnings, count)) {
        const [port, state] = text.split(' ');
        const isNews = state === 'OPEN' ? !open.has(Number(port)) : open.has(Number(port));
        expect(isNews, text).toBe(true);
        if (state === 'OPEN') open.add(Number(port));
        else open.delete(Number(port));
      }
    };
    await listen([8_000]);
    await follow(1);
    for (let round = 1; round <= 12; round++) {
      const changes = listen([8_000 + round, 8_100]); // one goes, one comes; 8100 stays
      proxy.cut();
      await changes;
      await follow(round === 1 ? 3 : 2);
      expect([...open].sort()).toEqual([8_000 + round, 8_100]);
    }
  });

  it('end a conflict that the registry has forgotten', async () => {
    const { client, database, listen, proxy } = await openHost();
    await listen([8_100]);
    const warnings = client.conflictWarning();
    await take(warnings, 1);
    await proxy.close();
    await database.query('DELETE FROM wharfinger.conflict');
    await proxy.open();
    expect(await warnings.next()).toMatchObject({
      value: { port: 8_100, state: 'RESOLVED', actions: [], resolvedAt: null },
    });
  });

  it('find out later where they cannot ask at once', async () => {
    const { listen, proxy } = await openHost();
    let failures = 0;
    const failOnce: typeof fetch = async (...request) => {
      if (failures++ === 0)
        throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'EPIPE' }) });
      return fetch(...request);
    };
    await listen([8_100]);
    const warnings = openClient({ url: proxy.url, fetch: failOnce }).conflictWarning();
    await take(warnings, 1);
    await proxy.close();
    await listen([]);
    await proxy.open();
    expect(await take(warnings, 1)).toEqual(['8100 RESOLVED']);
    expect(failures).toBe(2);
  });

  it('ask again where an answer may be older than the subscription', async () => {
    const lost: (() => void)[] = [];
    const [open, resolved] = [aConflict('a', 'OPEN'), aConflict('a', 'RESOLVED')];
    const answers = [[open], [resolved]];
    const warnings = conflictWarnings({}, async () => answers.shift() ?? expect.fail('was asked too often'), {
      running: new Set(),
      place: { url: 'http://127.0.0.1:4280/graphql', hasToken: false },
      socket: async () => ({
        // The first subscription begins with the conflict; when the second begins, it has just resolved.
        subscribe(_document, _variables, sink) {
          sink.connected();
          if (lost.length === 0) sink.next({ data: { conflictWarning: open } as never }); // what the document asks for
          lost.push(() => sink.lost(undefined));
          return () => {};
        },
      }),
    });
    expect(await warnings.next()).toEqual({ done: false, value: open });
    for (const lose of lost) lose();
    expect(await warnings.next()).toEqual({ done: false, value: resolved });
    expect(answers).toEqual([]);
    await warnings.return();
  });

  it('pass on only what was asked for', async () => {
    const { client, database, listen } = await openHost();
    const ephemeral = { start: asPort(8_900), end: asPort(60_999), reserved: [] };
    const pier = openRegistry(database, { hostName: 'pier', observer: seeing([listener(8_500)], ephemeral) });
    await listen([8_100]);
    await pier.scanHost();
    const ofHost = client.conflictWarning({ host: 'pier', kinds: ['UNREGISTERED_LISTENER'] });
    const ofKind = client.conflictWarning({ kinds: ['RANGE_OVERLAP'] });
    expect(await take(ofHost, 1)).toEqual(['8500 OPEN']);
    expect((await ofKind.next()).value).toMatchObject({ kind: 'RANGE_OVERLAP', host: { name: 'pier' } });
  });

  it('hold no more than they are told to for a slow reader, who is still told of each once', async () => {
    const { client, listen, proxy, server } = await openHost();
    const ports = Array.from({ length: 30 }, (_, index) => 8_100 + index);
    await listen(ports);
    const warnings = client.conflictWarning({ largestBuffer: 5 });
    const first = await take(warnings, 1);
    await vi.waitUntil(() => server.feed.status().subscribers === 0, { interval: 5, timeout: 20_000 });
    expect([...first, ...(await take(warnings, 29))]).toEqual(ports.map((port) => `${port} OPEN`));
    expect(proxy.connections).toBeGreaterThan(2);
  });

  it('share the connection of the client with its other subscriptions, and end with it', async () => {
    const { client, listen, proxy, server } = await openHost();
    await listen([8_100]);
    const [warnings, changes] = [client.conflictWarning(), client.allocationChanged({ after: '0' })];
    const change = changes.next();
    await take(warnings, 1);
    const waiting = warnings.next();
    await vi.waitUntil(() => server.feed.status().subscribers === 2, { interval: 5, timeout: 20_000 });
    expect(proxy.connections).toBe(1);
    await client.close();
    expect([await waiting, await change]).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    await vi.waitUntil(() => server.feed.status().subscribers === 0, { interval: 5, timeout: 20_000 });
  });
});
