import { existsSync } from 'node:fs';
import { cp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { embedded } from '../support/databases.ts';
import { type SpawnedServer, spawnCommand, spawnServer } from '../support/spawned-server.ts';

/** Each starts servers, some of which make a cluster first: that is computing, and slow on a busy machine. */
vi.setConfig({ testTimeout: 180_000 });

async function createDirectory(): Promise<string> {
  const { dataDirectory } = await embedded.create();
  return dataDirectory ?? expect.fail('The embedded database has a directory.');
}

/** Allocates a port for each name. */
async function allocate(server: SpawnedServer, names: readonly string[]): Promise<void> {
  const services = names.map((serviceName) => ({ serviceName }));
  const { data } = await server.post(
    'mutation ($services: [ServiceRequest!]!) { allocatePorts(input: {services: $services}) { __typename } }',
    { services },
  );
  expect(data).toEqual({ allocatePorts: { __typename: 'AllocatePortsSuccess' } });
}

/** The live allocations but the server's own, and the end of the log. */
async function read(server: SpawnedServer) {
  const { data } = await server.post<{
    latestEventCursor: string;
    portAllocations: { edges: { node: { serviceName: string; port: number } }[] };
  }>('{ latestEventCursor portAllocations(where: {environments: [DEV]}) { edges { node { serviceName port } } } }');
  const held = data.portAllocations.edges.map(({ node }) => `${node.serviceName} ${node.port}`);
  return { held, last: Number(data.latestEventCursor) };
}

async function kill(server: SpawnedServer): Promise<void> {
  server.kill('SIGKILL');
  await server.exited;
}

const keptAside = async (directory: string) =>
  (await readdir(directory)).filter((name) => name.startsWith('database.aside-'));

describe('a data directory', () => {
  it('is taken over by itself from a server that was killed', async () => {
    const dataDirectory = await createDirectory();
    const killed = await spawnServer({ dataDirectory });
    await allocate(killed, ['a', 'b']);
    const before = await read(killed);
    await kill(killed);
    expect(existsSync(join(dataDirectory, 'holder.json'))).toBe(true);
    expect((await read(await spawnServer({ dataDirectory }))).held).toEqual(before.held);
    expect(await keptAside(dataDirectory)).toEqual([]);
  });

  it('stays with a server that is stopped, however long', async () => {
    const dataDirectory = await createDirectory();
    const stopped = await spawnServer({ dataDirectory });
    stopped.kill('SIGSTOP');
    const { code, stderr } = await spawnCommand(['serve', '--port', '0', '--data-dir', dataDirectory]).exited;
    expect([code, stderr]).toEqual([1, expect.stringContaining(`in use by process ${stopped.pid} `)]);
    stopped.kill('SIGCONT');
    await allocate(stopped, ['a']);
    expect((await read(stopped)).held).toEqual([expect.stringMatching(/^a 8\d{3}$/)]);
  });

  it('is rebuilt from the journal where the cluster is damaged', async () => {
    const dataDirectory = await createDirectory();
    const server = await spawnServer({ dataDirectory });
    await allocate(server, ['a', 'b', 'c']);
    const before = await read(server);
    await kill(server);
    await writeFile(join(dataDirectory, 'database', 'global', 'pg_control'), 'x'.repeat(8_192));

    const rebuilt = await spawnServer({ dataDirectory });
    const after = await read(rebuilt);
    expect(after.held).toEqual(before.held);
    expect(after.last).toBeGreaterThanOrEqual(before.last);
    await rebuilt.logged(({ level, msg }) => Number(level) >= 40 && /rebuil/.test(String(msg)));
    await allocate(rebuilt, ['d']);
    expect((await read(rebuilt)).held).toEqual([...before.held, expect.stringMatching(/^d 8\d{3}$/)]);
  });

  it('is refused where the cluster is damaged and there is no journal, and the process ends', async () => {
    const dataDirectory = await createDirectory();
    await rm(join(dataDirectory, 'journal'));
    const base = join(dataDirectory, 'database', 'base');
    for (const entry of await readdir(base, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) await writeFile(join(entry.parentPath, entry.name), 'x'.repeat(16_384)); // they are many
    }
    const { code, stderr } = await spawnCommand(['serve', '--port', '0', '--data-dir', dataDirectory]).exited;
    expect([code, stderr]).toEqual([1, expect.stringContaining('there is no journal to rebuild it from')]);
  });

  it('is brought up to date from the journal where the cluster is an older copy', async () => {
    const dataDirectory = await createDirectory();
    const [cluster, copy] = [join(dataDirectory, 'database'), join(dataDirectory, '..', 'copy')];
    const first = await spawnServer({ dataDirectory });
    await allocate(first, ['a']);
    first.kill('SIGTERM');
    await first.exited;
    await cp(cluster, copy, { recursive: true });

    const second = await spawnServer({ dataDirectory });
    await allocate(second, ['b', 'c']);
    const before = await read(second);
    await kill(second);
    await rm(cluster, { recursive: true });
    await rename(copy, cluster);

    expect((await read(await spawnServer({ dataDirectory }))).held).toEqual(before.held);
    expect(await keptAside(dataDirectory)).toEqual([]);
  });
});

describe("the server's own port", () => {
  const query =
    '{ portAllocations(where: {serviceName: "wharfinger"}) { edges { node { port environment metadata } } } }';

  it('is held while it runs, and the former one is released when it starts on another', async () => {
    const dataDirectory = await createDirectory();
    const ports = [];
    for (let starts = 0; starts < 2; starts += 1) {
      const server = await spawnServer({ dataDirectory }); // one after the other
      const node = { port: server.port, environment: 'PRODUCTION', metadata: { wharfinger: 'server' } };
      expect((await server.post(query)).data).toEqual({ portAllocations: { edges: [{ node }] } });
      const check = `{ checkPort(port: ${server.port}) { available reasons } }`;
      const { data } = await server.post<{ checkPort: { reasons: string[] } }>(check);
      expect(data.checkPort.reasons).toContain('ALLOCATED');
      ports.push(server.port);
      await kill(server);
    }
    expect(new Set(ports).size).toBe(2);
  });
});
