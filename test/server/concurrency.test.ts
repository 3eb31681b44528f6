import { describe, expect, it } from 'vitest';
import { engines, postgresql } from '../support/databases.ts';
import { startServer } from '../support/server.ts';

type Server = Awaited<ReturnType<typeof startServer>>;

interface Granted {
  readonly allocatePort: { readonly created?: boolean; readonly allocation?: { readonly port: number } };
}

/** Allocates over HTTP, all at once, each name on the next of the servers. */
async function allocateAll(servers: readonly Server[], names: readonly string[]) {
  const answers = await Promise.all(
    names.map(async (name, index) => {
      const server = servers[index % servers.length];
      if (!server) throw new Error('There is no server.');
      const { data } = await server.post(
        `mutation { allocatePort(input: {serviceName: "${name}"}) { ... on AllocatePortSuccess { created allocation { port } } } }`,
      );
      return (data as unknown as Granted).allocatePort; // as the operation asks
    }),
  );
  return {
    ports: new Set(answers.flatMap(({ allocation }) => allocation?.port ?? [])),
    created: answers.filter(({ created }) => created === true).length,
  };
}

const distinct = Array.from({ length: 200 }, (_, index) => `service-${index}`);
const same = Array.from({ length: 50 }, () => 'the-same');

describe.each(engines)('requests at once over HTTP on $name', (engine) => {
  it('get 200 ports for 200 services, and one port for one service', async () => {
    const server = await startServer({ database: await engine.open() });
    const many = await allocateAll([server], distinct);
    const one = await allocateAll([server], same);
    expect([many.ports.size, many.created]).toEqual([200, 200]);
    expect([one.ports.size, one.created]).toEqual([1, 1]);
  });
});

it('requests at once over HTTP, split over two instances on one PostgreSQL, get 200 ports', async () => {
  const place = await postgresql.create();
  const servers = [
    await startServer({ database: await place.open() }),
    await startServer({ database: await place.open() }),
  ];
  const many = await allocateAll(servers, distinct);
  const one = await allocateAll(servers, same);
  expect([many.ports.size, many.created]).toEqual([200, 200]);
  expect([one.ports.size, one.created]).toEqual([1, 1]);
});
