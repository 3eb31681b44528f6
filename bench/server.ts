import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { extendSchema, type GraphQLSchema, parse } from 'graphql';
import { pino } from 'pino';
import { WebSocket, WebSocketServer } from 'ws';
import type { loadConfig } from '../src/config.ts';
import type { createSchema } from '../src/schema/schema.ts';
import type { serve } from '../src/server/start.ts';
import type { Database } from '../src/storage/database.ts';
import type { openDatabase } from '../src/storage/open.ts';
import { listSql } from './operations.ts';
import { answerCalls } from './remote.ts';

/** Ports that are held before the server starts, lowest first, by services that no request names. */
export interface Fill {
  readonly environment: 'dev' | 'test';
  readonly start: number;
  readonly count: number;
}

/** The built server, as it is composed in src/server/start.ts, with a mutation that does nothing. */
const built = {
  ...(await load<{ loadConfig: typeof loadConfig }>('config.js')),
  ...(await load<{ openDatabase: typeof openDatabase }>('storage/open.js')),
  ...(await load<{ createSchema: typeof createSchema }>('schema/schema.js')),
  ...(await load<{ serve: typeof serve }>('server/start.js')),
};

function load<Module>(path: string): Promise<Module> {
  return import(new URL(`../dist/${path}`, import.meta.url).href);
}

const config = built.loadConfig();
const log = pino({ level: 'error' }, pino.destination(2));
const database = await built.openDatabase({
  databaseUrl: config.databaseUrl,
  dataDirectory: config.dataDirectory,
  log,
  damaged: () => {},
});
for (const fill of JSON.parse(process.argv[2] ?? '[]') as Fill[]) await holdPorts(database, fill); // the bench's own
const server = await built.serve(config, database, log, withNoop(built.createSchema()));
const sockets = await startBroadcaster();

const methods = {
  async addresses() {
    const { port } = sockets.address() as AddressInfo; // of a server that listens on TCP
    return { url: server.url, broadcastUrl: `ws://127.0.0.1:${port}` };
  },
  /** So many bare INSERTs through the server's own driver: how long each took, in milliseconds. */
  async inserts({ count }: { count: number }) {
    await database.script(
      'CREATE TABLE IF NOT EXISTS wharfinger.bench (LIKE wharfinger.port_allocation INCLUDING ALL); TRUNCATE wharfinger.bench',
    );
    return timed(count, (index) => database.query(insertSql, [randomUUID(), 1 + index, new Date()]));
  },
  /** So many appends to a file beside the database, each followed by `fdatasync`: how long each took, in milliseconds. */
  async syncs({ count, bytes }: { count: number; bytes: number }) {
    await using file = await open(join(config.dataDirectory, 'bench'), 'a');
    const line = Buffer.alloc(bytes, 'x');
    return await timed(count, async () => {
      await file.write(line);
      await file.datasync();
    });
  },
  /** What this process has had of all processors so far, in milliseconds. */
  async processorTime() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
  /** The list by one SQL statement, as JSON: how long each took, in milliseconds. */
  lists: ({ count }: { count: number }) => timed(count, () => database.query(listSql)),
};

export type BenchServer = typeof methods;

async function timed(count: number, work: (index: number) => Promise<unknown>): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let index = 0; index < count; index++) {
    const started = performance.now();
    await work(index); // one at a time is what is measured
    milliseconds.push(performance.now() - started);
  }
  return milliseconds;
}

/** A row like an allocation's, into a table with its columns, CHECKs and indexes. */
const insertSql = `INSERT INTO wharfinger.bench
  (id, host_name, port, service_name, environment, status, owner, conversation_id, public_hostnames, allocated_at)
  VALUES ($1, 'bench', $2, 'service', 'dev', 'allocated', 'conversation:bench', 'bench', '{}', $3)`;

function withNoop(schema: GraphQLSchema): GraphQLSchema {
  const extended = extendSchema(schema, parse('extend type Mutation { noop: Boolean! }'));
  const field = extended.getMutationType()?.getFields().noop;
  if (field) field.resolve = () => true;
  return extended;
}

async function holdPorts({ query }: Database, { environment, start, count }: Fill): Promise<void> {
  await query('INSERT INTO wharfinger.host (name) VALUES ($1) ON CONFLICT DO NOTHING', [config.hostName]);
  await query(
    `INSERT INTO wharfinger.port_allocation
       (id, host_name, port, service_name, environment, status, owner, conversation_id, public_hostnames, allocated_at)
     SELECT gen_random_uuid(), $1, port, 'held-' || port, $2, 'allocated', 'conversation:held', 'held', '{}', now()
     FROM generate_series($3::integer, $4::integer) AS port`,
    [config.hostName, environment, start, start + count - 1],
  );
}

/** Sends every message that it gets to all of its sockets: what reaching so many of them costs without a graph. */
async function startBroadcaster(): Promise<WebSocketServer> {
  const broadcaster = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  broadcaster.on('connection', (socket) => {
    socket.on('message', (data) => {
      const text = String(data);
      for (const client of broadcaster.clients) if (client.readyState === WebSocket.OPEN) client.send(text);
    });
  });
  await once(broadcaster, 'listening');
  return broadcaster;
}

answerCalls(methods, async () => {
  for (const client of sockets.clients) client.terminate();
  sockets.close();
  await server.close();
});
