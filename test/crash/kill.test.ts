import { describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import type { GraphClient } from '../support/graph-client.ts';
import { spawnServer } from '../support/spawned-server.ts';

/** KILL_ROUNDS=100 tries more. */
const rounds = Number(process.env.KILL_ROUNDS ?? 20);
const clients = 4;
/** More ports than all rounds take, below those that the system gives to clients. */
const env = { DEV_PORT_START: '20000', DEV_PORT_END: '29999' };

const allocate = `mutation ($name: String!) {
  allocatePort(input: {serviceName: $name}) { ... on AllocatePortSuccess { created allocation { port } } }
}`;
const release = 'mutation ($port: Port!) { releasePort(input: {port: $port}) { __typename } }';

interface Allocated {
  readonly allocatePort: { readonly created: boolean; readonly allocation: { readonly port: number } };
}

/** What the server has said to be so, by service: the port, or null once it was released. */
type Acknowledged = Map<string, number | null>;

/** Allocates, and releases every third, until the server is gone. Those whose answer never came are `unanswered`. */
async function write(
  server: GraphClient,
  prefix: string,
  said: Acknowledged,
  unanswered: Set<string>,
  wrote: () => void,
) {
  for (let count = 0; ; count += 1) {
    const name = `${prefix}-${count}`;
    unanswered.add(name);
    try {
      const { data } = await server.post<Allocated>(allocate, { name }); // one after the other
      const { port } = data.allocatePort.allocation;
      said.set(name, port);
      wrote();
      if (count % 3 === 0) {
        await server.post(release, { port });
        said.set(name, null);
      }
      unanswered.delete(name);
    } catch {
      return; // its connection broke
    }
  }
}

interface Event {
  readonly cursor: string;
  readonly kind: string;
  readonly allocation: {
    readonly id: string;
    readonly serviceName: string;
    readonly port: number;
    readonly status: string;
  };
}

/** The whole log, page by page. */
async function readLog(server: GraphClient): Promise<Event[]> {
  const query = `query ($after: EventCursor) {
    allocationEvents(first: 1000, after: $after) { cursor kind allocation { id serviceName port status } }
  }`;
  const events: Event[] = [];
  for (;;) {
    const after = events.at(-1)?.cursor;
    const { data } = await server.post<{ allocationEvents: Event[] }>(query, { after }); // each follows the one before
    events.push(...data.allocationEvents);
    if (data.allocationEvents.length < 1_000) return events;
  }
}

/** The live allocations, by port. */
async function readTable(server: GraphClient): Promise<string[]> {
  const query = '{ portAllocations(first: 1000) { totalCount edges { node { port serviceName } } } }';
  interface Table {
    portAllocations: { totalCount: number; edges: { node: { port: number; serviceName: string } }[] };
  }
  const { data } = await server.post<Table>(query);
  const { totalCount, edges } = data.portAllocations;
  expect(edges.length).toBe(totalCount);
  return edges.map(({ node }) => `${node.port} ${node.serviceName}`);
}

/** What the log makes of an empty table, by port. */
function replay(events: readonly Event[]): string[] {
  const live = new Map<string, Event['allocation']>();
  for (const { kind, allocation } of events) {
    if (kind === 'RELEASED') live.delete(allocation.id);
    else live.set(allocation.id, allocation);
  }
  const held = [...live.values()].sort((a, b) => a.port - b.port);
  return held.map(({ port, serviceName }) => `${port} ${serviceName}`);
}

describe(`a server that is killed while it allocates, ${rounds} times in a row`, () => {
  it('starts again with all that it acknowledged, nothing twice, and a log that says how it came about', {
    timeout: 60_000 + rounds * 60_000,
  }, async () => {
    const { dataDirectory } = await embedded.create();
    const said: Acknowledged = new Map();
    const unanswered = new Set<string>();
    let known: string[] = [];

    for (let round = 0; round <= rounds; round += 1) {
      const server = await spawnServer({ dataDirectory, env });
      const events = await readLog(server);
      const numbers = events.map(({ cursor }) => Number(cursor));
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      expect(events.slice(0, known.length).map((event) => JSON.stringify(event))).toEqual(known);
      const table = await readTable(server);
      expect(replay(events)).toEqual(table);
      expect(new Set(table.map((row) => row.split(' ')[0])).size).toBe(table.length);
      for (const [name, port] of said) {
        if (unanswered.has(name)) continue;
        const rows = table.filter((row) => row.endsWith(` ${name}`));
        expect(rows, name).toEqual(port === null ? [] : [`${port} ${name}`]);
      }
      if (round === rounds) break;

      // Whoever got no answer asks again and gets one port, the same where it had one.
      for (const name of [...unanswered]) {
        const { data } = await server.post<Allocated>(allocate, { name });
        const former = table.find((row) => row.endsWith(` ${name}`));
        const { port } = data.allocatePort.allocation;
        if (former) expect([data.allocatePort.created, `${port} ${name}`]).toEqual([false, former]);
        said.set(name, port);
        unanswered.delete(name);
      }
      known = (await readLog(server)).map((event) => JSON.stringify(event));

      let writes = 0;
      const enough = 5 + ((round * 7) % 20);
      const wrote = () => {
        writes += 1;
        if (writes === enough) server.kill('SIGKILL');
      };
      await Promise.all(
        Array.from({ length: clients }, (_, client) => write(server, `r${round}-c${client}`, said, unanswered, wrote)),
      );
      expect(await server.exited).toMatchObject({ signal: 'SIGKILL' });
      expect(writes).toBeGreaterThanOrEqual(enough);
    }
    expect(said.size).toBeGreaterThan(10 * rounds);
  });
});
