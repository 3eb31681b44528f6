import { expect, it } from 'vitest';
import type { SeenListener } from '../../src/domain/observation.ts';
import { createFeed } from '../../src/feed/feed.ts';
import type { Database } from '../../src/storage/database.ts';
import { postgresql, type TestDatabase } from '../support/databases.ts';
import { lingering } from '../support/lingering.ts';
import { runSql } from '../support/postgresql-server.ts';
import { recordLog } from '../support/recorded-log.ts';
import { openRegistry, seeing } from '../support/registry.ts';
import { churn, expectWhole, readLog, readUntil, scanWith } from './conflict-stream.ts';

/** Instances on one PostgreSQL, each the observer of a host of its own. */
async function openInstances(shared: TestDatabase, alter: (database: Database) => Database = (same) => same) {
  const open = async (hostName: string) => {
    const database = await shared.open();
    const listeners: SeenListener[] = [];
    const registry = openRegistry(alter(database), { hostName, observer: seeing(listeners) });
    return { database, feed: await createFeed(database, recordLog().log), registry, listeners };
  };
  return [await open('quay'), await open('pier')] as const;
}

type Instances = Awaited<ReturnType<typeof openInstances>>;

/** Scans on both, subscriptions to both meanwhile, and at last a conflict on 8900, which ends what each was told. */
async function tellEverything(instances: Instances) {
  const reading: ReturnType<typeof readUntil>[] = [];
  const join = async ({ feed }: Instances[number]) => {
    for (let count = 0; count < 20; count++) {
      const conflicts = await feed.conflicts({}).catch(() => undefined); // the database did not answer
      if (conflicts) reading.push(readUntil(conflicts, 8_900));
    }
  };
  await Promise.all(instances.flatMap((each) => [churn(each.registry, each.listeners, 30), join(each), join(each)]));
  for (const { registry, listeners } of instances) await scanWith(registry, listeners, []); // both, before the last
  await scanWith(instances[0].registry, instances[0].listeners, [8_900]);
  return Promise.all(reading);
}

it('two instances tell all subscribers of either the conflicts of both hosts, each once and in commit order', async () => {
  const instances = await openInstances(await postgresql.create(), lingering);
  const told = await tellEverything(instances);
  const log = await readLog(instances[0].database);
  const [longest = []] = told;
  expect(new Set(longest.map(({ host }) => host.name))).toEqual(new Set(['quay', 'pier']));
  expectWhole(told, log);
  await Promise.all(instances.map(({ feed }) => feed.close()));
});

it('nothing is lost or told twice while connections are cut again and again', async () => {
  const shared = await postgresql.create();
  const instances = await openInstances(shared);
  let isDone = false;
  let cuts = 0;
  const cut = async () => {
    while (!isDone) {
      await runSql(
        shared.url ?? '',
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      ); // again and again
      cuts += 1;
      await expect
        .poll(() =>
          instances[0].registry.scanHost().then(
            () => true,
            () => false,
          ),
        )
        .toBe(true);
    }
  };
  const cutting = cut();
  const told = await tellEverything(instances).finally(() => {
    isDone = true;
  });
  await cutting;
  expect(cuts).toBeGreaterThan(5);
  const log = await readLog(instances[0].database);
  expect(told.length).toBeGreaterThan(10);
  expectWhole(told, log);
  await Promise.all(instances.map(({ feed }) => feed.close()));
});
