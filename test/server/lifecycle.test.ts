import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { embedded, postgresql } from '../support/databases.ts';
import { openAcknowledged } from '../support/raw-websocket.ts';
import { spawnCommand, spawnServer } from '../support/spawned-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const allocate = (name: string) =>
  `mutation { allocatePort(input: {serviceName: "${name}"}) { ... on AllocatePortSuccess { created allocation { port } } } }`;
const subscription = 'subscription { allocationChanged(after: "0") { kind } }';

/** Connects to a database, past the server. */
async function connect(url: string | undefined): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

describe.each(['SIGTERM', 'SIGINT'] as const)('a server that gets %s', (signal) => {
  it('closes subscriptions with 1001, ends well, and has everything when it starts again', async () => {
    const { dataDirectory } = await embedded.create();
    const server = await spawnServer({ dataDirectory });
    const { data } = await server.post(allocate('web'));
    const socket = await openAcknowledged(server.url);
    socket.send({ type: 'subscribe', id: 'a', payload: { query: subscription } });
    const events = server.overEventStream(subscription);
    await Promise.all([socket.message(({ type }) => type === 'next'), events.next()]);

    server.kill(signal);
    const readOn = async () => {
      for await (const each of events) expect(each).toHaveProperty('data');
    };
    await readOn();
    expect((await socket.closed).code).toBe(1001);
    expect(await server.exited).toMatchObject({ code: 0, signal: null, stderr: '' });

    const again = await spawnServer({ dataDirectory });
    expect((await again.post(allocate('web'))).data).toEqual({
      allocatePort: { ...Object(data.allocatePort), created: false },
    });
  });
});

describe('a server that is told to end', () => {
  it('first finishes the request that is running', async () => {
    const { url: databaseUrl } = await postgresql.create();
    const server = await spawnServer({ databaseUrl });
    const blocker = await connect(databaseUrl);
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE wharfinger.host IN ACCESS EXCLUSIVE MODE');
    const answer = server.post(allocate('web'));
    const observer = await connect(databaseUrl);
    await vi.waitUntil(async () => {
      const { rows } = await observer.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });
    server.kill('SIGTERM');
    await server.logged(({ msg }) => msg === 'stopping after SIGTERM');
    await blocker.query('ROLLBACK');
    expect((await answer).data).toMatchObject({ allocatePort: { created: true } });
    expect(await server.exited).toMatchObject({ code: 0, stderr: '' });
  });

  it('does not wait for a subscriber who does not read', async () => {
    const { dataDirectory } = await embedded.create();
    const server = await spawnServer({ dataDirectory });
    const { socket, send, message } = await openAcknowledged(server.url);
    send({ type: 'subscribe', id: 'a', payload: { query: subscription } });
    await message(({ type }) => type === 'next');
    socket.pause();
    server.kill('SIGTERM');
    expect(await server.exited).toMatchObject({ code: 0, stderr: '' });
  });
});

describe.skipIf(process.platform === 'win32')('a server of which a thread waits for a file for ever', () => {
  it('ends all the same', async () => {
    const { url: databaseUrl } = await postgresql.create();
    const pipe = join(await temporaryDirectory(), 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    // A pipe that nobody writes to is as slow to open as a dead file system.
    const script = `import{open}from'node:fs/promises';open(${JSON.stringify(pipe)}).catch(()=>{})`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
    const server = await spawnServer({ databaseUrl, env });
    await server.post(allocate('web'));
    server.kill('SIGTERM');
    const { signal, stdout } = await server.exited;
    expect(stdout).toContain('"stopped"');
    expect(signal).toBe('SIGKILL');
  });
});

describe('a server that cannot start', () => {
  const lastLine = (stderr: string) => {
    expect(stderr).toMatch(/^wharfinger: [^\n]+\n$/);
    return stderr;
  };

  it('says in one line which port is taken and by whom, and leaves the data directory to others', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise((resolve) => holder.close(() => resolve())));
    const address = holder.address();
    const port = typeof address === 'object' && address ? address.port : expect.fail('It listens on a port.');
    const { dataDirectory } = await embedded.create();
    const { exited } = spawnCommand(['serve', '--port', String(port), '--data-dir', dataDirectory ?? '']);
    const { code, stderr } = await exited;
    expect(code).toBe(1);
    expect(lastLine(stderr)).toContain(`Port ${port} on 127.0.0.1 is taken`);
    if (process.platform === 'linux') expect(stderr).toContain(`process ${process.pid}`);
    expect((await spawnServer({ dataDirectory })).port).not.toBe(port);
  });

  it('says in one line who has the data directory', async () => {
    const { dataDirectory } = await embedded.create();
    const first = await spawnServer({ dataDirectory });
    const { code, stderr } = await spawnCommand(['serve', '--port', '0', '--data-dir', dataDirectory ?? '']).exited;
    expect(code).toBe(1);
    expect(lastLine(stderr)).toMatch(new RegExp(`in use by process ${first.pid} `));
    expect((await first.post(allocate('web'))).data).toMatchObject({ allocatePort: { created: true } });
  });

  it.each([
    ['a PostgreSQL that is not there', ['--database-url', 'postgresql://scar:hush@127.0.0.1:1/scar'], /127\.0\.0\.1:1/],
    ['a directory that is a file', ['--data-dir', 'package.json'], /package\.json/],
    ['a port that is none', ['--port', '65536'], /^wharfinger: --port=65536 does not fit/],
    ['an address that is not here', ['--host', '127.0.0.1', '--port', '-1'], /--port=-1 does not fit/],
  ])('says in one line what is wrong with %s', async (_what, flags, reason) => {
    const { code, stderr } = await spawnCommand(['serve', '--port', '0', ...flags]).exited;
    expect(code).toBe(1);
    expect(lastLine(stderr)).toMatch(reason);
    expect(stderr).not.toMatch(/hush|\bat .*\.[jt]s/);
  });

  it('says which variable does not fit', async () => {
    const { code, stderr } = await spawnCommand(['serve'], { DEV_PORT_END: 'many' }).exited;
    expect(code).toBe(1);
    expect(lastLine(stderr)).toBe('wharfinger: DEV_PORT_END=many does not fit: it takes a port from 1 to 65535.\n');
  });
});
