import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { restoreRegistry } from '../../src/storage/embedded/restore.ts';
import { readEvents } from '../../src/storage/event-log.ts';
import { engines } from '../support/databases.ts';
import { dump } from '../support/dump.ts';
import { allocate, openRegistry, worktree } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { firstSnapshot } from './first-snapshot.ts';

const owner = worktree('/wt/a');

describe.each(engines)('a snapshot of the version before the observer, restored into $name', (engine) => {
  it('gives the same registry, of whose ports nothing has been seen yet', async () => {
    const path = join(await temporaryDirectory(), 'snapshot.ndjson');
    await writeFile(path, firstSnapshot);
    const database = await engine.open();
    // The template is migrated already, which a new directory is not.
    await database.script('DROP SCHEMA wharfinger CASCADE');

    expect(await restoreRegistry(database, path)).toBe(2);

    const { port_allocation, event_counter, conflict } = await dump(database);
    expect(port_allocation).toMatchObject([
      { port: 8_000, status: 'allocated', liveness: 'unknown', misses: 0, metadata: { note: 'kept' } },
      { port: 8_001, status: 'released', liveness: 'unknown', misses: 0 },
    ]);
    expect(event_counter).toEqual([{ id: 1, last_number: 2, pruned_through: 0 }]);
    expect(conflict).toEqual([]);
    const registry = openRegistry(database);
    expect(await allocate(registry, 'web', { owner })).toMatchObject({ port: 8_000, misses: 0 });
    expect((await registry.scanHost()).opened).toEqual([]);
    const events = await readEvents(database, 0, 10);
    expect(events.map(({ allocation }) => allocation.liveness)).toEqual(['unknown', 'unknown']);
  });
});
