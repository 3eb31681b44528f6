import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { AllocationEvent } from '../../src/domain/registry-model.ts';
import { createFeed } from '../../src/feed/feed.ts';
import { readContents } from '../../src/storage/embedded/journal/journal-contents.ts';
import { type LoggedEvent, readEvents } from '../../src/storage/event-log.ts';
import { openDatabase } from '../../src/storage/open.ts';
import type { Row } from '../../src/storage/rows.ts';
import { copyCluster, embedded } from '../support/databases.ts';
import { RecordedDisk, type Remains } from '../support/recorded-disk.ts';
import { allocate, granted, openRegistry, release, repository, worktree } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** How many moments are tried; each is looked at in the journal, and some by a start of the registry. */
const moments = 200;
/** Each rebuilds a database, which takes a second or two: POWER_CUT_STARTS=200 starts them all. */
const starts = Number(process.env.POWER_CUT_STARTS ?? 3);

const log = pino({ level: 'silent' });
const clients = 8;
const rounds = 15;

/** What somebody outside knows: an answer, or an event that a subscriber was sent. */
type Seen =
  | { readonly kind: 'held'; readonly service: string; readonly port: number }
  | { readonly kind: 'releasing' | 'released'; readonly service: string }
  | { readonly kind: 'event'; readonly event: AllocationEvent };

/** Every text field with every separator that some reader of lines splits at. */
const separators = 'a\u2028b\u2029c\u0085d\u000be\u000cf\u001cg\r\nh\ni';

/** A registry under load, recorded: claims, releases, codebases, worktrees, the journal written anew, and a stop. */
async function recordLoad() {
  const { dataDirectory = '' } = await embedded.create();
  const disk = await RecordedDisk.record<Seen>(dataDirectory, ['journal', 'database.json']);
  const database = await openDatabase({
    dataDirectory,
    databaseUrl: undefined,
    durability: 'full',
    rewriteAfterBytes: 64 << 10,
    log,
    damaged: () => {},
  });
  const registry = openRegistry(database);
  const feed = await createFeed(database, log);
  const events = await feed.subscribe({});
  const following = (async () => {
    for await (const event of events) disk.see({ kind: 'event', event: withoutRelated(event) });
  })();
  const client = async (number: number) => {
    // On a fast disk, until the journal was written anew twice.
    for (let round = 0; round < rounds || disk.renamesTo('journal').length < 2; round++) {
      const service = `service ${number} ${round} ${separators}`;
      const owner = worktree(`/wt/${number} ${separators}`, { conversationId: `chat ${separators}` });
      const metadata = { note: separators, [separators]: [separators] };
      const { port } = await allocate(registry, service, { owner, metadata, description: separators }); // in turn
      disk.see({ kind: 'held', service, port });
      if (round % 3 > 0) continue;
      disk.see({ kind: 'releasing', service });
      granted(await registry.releasePort(release(port, { owner })));
      disk.see({ kind: 'released', service });
      await registry.registerCodebase(repository(`shop ${separators}`, { id: `shop ${number}` }));
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  const whole = (await readEvents(database, undefined, 10_000)).map(({ number }) => number);
  await feed.close();
  await following;
  await database.close();
  return { disk, dataDirectory, whole };
}

/** An event as it was written, without what it belongs to. */
const withoutRelated = ({ host: _host, codebase: _codebase, worktree: _worktree, ...event }: LoggedEvent) => event;

/** What the answers and events that were seen until the power failed oblige the registry to. */
function owed(seen: readonly Seen[]) {
  const held = new Map<string, number>();
  const released = new Set<string>();
  const open = new Set<string>();
  const events: AllocationEvent[] = [];
  for (const each of seen) {
    if (each.kind === 'event') events.push(each.event);
    if (each.kind === 'held') held.set(each.service, each.port);
    if (each.kind === 'releasing') open.add(each.service);
    if (each.kind === 'released') released.add(each.service);
  }
  return { held, released, open, events };
}

interface Kept {
  readonly allocations: readonly Row[];
  /** The numbers of the log's events. */
  readonly numbers: readonly number[];
}

/** Checks what a registry holds against what was seen, and its log against the one that would have come about. */
function expectKept({ allocations, numbers }: Kept, seen: readonly Seen[], whole: readonly number[]) {
  const { held, released, open, events } = owed(seen);
  const live = allocations.filter((row) => row.released_at === null);
  expect(new Set(live.map(({ port }) => port)).size, 'no port is held twice').toBe(live.length);
  const ports = new Map(live.map((row) => [row.service_name, row.port]));
  for (const [service, port] of held) {
    if (released.has(service)) expect(ports.has(service), `${service} was released`).toBe(false);
    else if (!open.has(service)) expect(ports.get(service), `${service} was acknowledged`).toBe(port);
  }
  expect(numbers, 'the log has no gap and no repeat').toEqual(whole.slice(0, numbers.length));
  for (const { number } of events) expect(numbers, 'a subscriber saw it').toContain(number);
}

/** Lays out what a disk holds after a power cut, on a machine that was started anew since. */
async function layOut({ files }: Remains<Seen>): Promise<string> {
  const dataDirectory = await temporaryDirectory();
  for (const [name, bytes] of files) await writeFile(join(dataDirectory, name), bytes); // few
  const record = JSON.parse(files.get('database.json')?.toString() || 'null');
  if (record) await writeFile(join(dataDirectory, 'database.json'), JSON.stringify({ ...record, boot: 'another' }));
  return dataDirectory;
}

/** Copies a cluster, which is never synced: any page of it may be old or zero. */
async function damageCluster(cluster: string, copy: string, random: () => number): Promise<void> {
  await cp(cluster, copy, { recursive: true });
  const files = await readdir(join(copy, 'base'), { recursive: true, withFileTypes: true });
  for (const file of files) {
    if (!file.isFile() || random() < 0.7) continue;
    const path = join(file.parentPath, file.name);
    const bytes = await readFile(path); // one after the other: they are many
    for (let page = 0; page < bytes.length; page += 8_192)
      if (random() < 0.3) bytes.fill(0, page, Math.min(page + 8_192, bytes.length));
    await writeFile(path, bytes);
  }
}

/** Reproducible: the same moments and the same damage at each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('a power cut', () => {
  it('at any of 200 moments under load takes nothing that was acknowledged, and the log goes on without a gap', {
    timeout: 120_000 + starts * 30_000,
  }, async () => {
    const { disk, dataDirectory, whole } = await recordLoad();
    const rewrites = disk.renamesTo('journal');
    expect([disk.length > 400, rewrites.length > 1]).toEqual([true, true]);
    const random = seeded(20_261_128);
    let torn = 0;
    for (let cut = 0; cut < moments; cut++) {
      // Every third one while the journal is rewritten.
      const rewrite = rewrites[cut % (3 * rewrites.length)];
      const moment =
        rewrite === undefined ? Math.floor(random() * (disk.length + 1)) : rewrite - 8 + Math.floor(random() * 16);
      const remains = disk.cut(moment, random);
      const directory = await layOut(remains); // one after the other
      const { tables, end, number } = await readContents(join(directory, 'journal'));
      if (end < (remains.files.get('journal')?.length ?? 0)) torn += 1;
      const rows = (name: string) => [...(tables.get(name)?.values() ?? [])];
      const numbers = rows('allocation_event').map((event) => Number(event.number));
      const allocations = rows('port_allocation');
      expectKept({ allocations, numbers: numbers.sort((a, b) => a - b) }, remains.seen, whole);
      if (cut < starts) {
        await damageCluster(join(dataDirectory, 'database'), join(directory, 'database'), random);
        // Beside a record of a clean stop, everything had been synced: that is not what is tried here.
        await rm(join(directory, 'database.json'), { force: true });
        await expectStart(directory, { seen: remains.seen, whole, last: number });
      }
      await rm(directory, { recursive: true });
    }
    expect(torn, 'some appends were torn').toBeGreaterThan(10);
  });
});

interface Known {
  readonly seen: readonly Seen[];
  readonly whole: readonly number[];
  /** The newest number in the journal. */
  readonly last: number;
}

/** Starts the registry on what is left: subscribers go on from the last event that they saw. */
async function expectStart(dataDirectory: string, { seen, whole, last }: Known): Promise<void> {
  const createCluster = copyCluster;
  const database = await openDatabase({ dataDirectory, databaseUrl: undefined, createCluster, log, damaged: () => {} });
  try {
    const rows = await database.query<{ row: Row }>('SELECT to_json(a) AS row FROM wharfinger.port_allocation a');
    const events = await readEvents(database, undefined, 10_000);
    const numbers = events.map(({ number }) => number);
    expectKept({ allocations: rows.map(({ row }) => row), numbers }, seen, whole);
    const known = new Map(events.map((event) => [event.number, withoutRelated(event)]));
    for (const event of owed(seen).events) expect(known.get(event.number)).toEqual(event);
    const { id } = await allocate(openRegistry(database), 'after the cut');
    const [next] = await readEvents(database, last, 1);
    expect(next).toMatchObject({ number: last + 1, allocation: { id } });
  } finally {
    await database.close();
  }
}
