import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engines } from '../support/databases.ts';
import { dump } from '../support/dump.ts';
import { allocate, granted, registration, release, repository, worktree } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { openHarbour } from './harbour.ts';

const day = 86_400_000;
const item = `reason explanation allocation { port status liveness serviceName conflicts { kind }
  host { name ranges { environment } } codebase { name } worktree { path host { name } } }`;
const report = `dryRun historyPruned released { ${item} } kept { ${item} }`;

interface Item {
  readonly reason: string;
  readonly explanation: string;
  readonly allocation: { readonly port: number; readonly worktree: { readonly path: string } | null };
}
interface Report {
  readonly dryRun: boolean;
  readonly historyPruned: number;
  readonly released: readonly Item[];
  readonly kept: readonly Item[];
}

const reasons = (items: readonly Item[]) => items.map(({ reason, allocation }) => [allocation.port, reason]);

describe.each(engines)('cleanupPorts on $name', (engine) => {
  it('says of every allocation what becomes of it and why; beforehand, without changing anything', async () => {
    const database = await engine.open();
    const { registry, clock, ask } = await openHarbour(database);
    const gone = join(await realpath(await temporaryDirectory()), 'gone');
    await mkdir(gone);
    granted(await registry.registerCodebase(repository('shop', { id: 'shop' })));
    await allocate(registry, 'old', { owner: worktree(gone, { codebaseId: 'shop' }), exactPort: 8_001 });
    await registry.releasePort(release(8_001, { force: true }));
    clock.advance(91 * day);
    await allocate(registry, 'web', { owner: worktree(gone, { codebaseId: 'shop' }), exactPort: 8_002 });
    await allocate(registry, 'far', { host: 'pier', exactPort: 8_003 });
    granted(await registry.registerPort(registration(9_000, 'api', { environment: 'production' })));
    await registry.scanHost();
    await rm(gone, { recursive: true });
    for (let misses = 0; misses < 3; misses++) await registry.scanHost(); // in a row

    const before = await dump(database);
    const { cleanupPorts: dry } = await ask<{ cleanupPorts: Report }>(
      `mutation { cleanupPorts(dryRun: true) { ${report} } }`,
    );
    expect(await dump(database)).toEqual(before);
    expect(dry).toMatchObject({ dryRun: true, historyPruned: 1 });
    expect(reasons(dry.released)).toEqual([
      [8_002, 'ORPHANED_WORKTREE'],
      [8_001, 'RELEASED_HISTORY'],
    ]);
    expect(reasons(dry.kept).sort()).toEqual([
      [8_003, 'NOT_VISIBLE_FROM_HERE'],
      [9_000, 'PRODUCTION'],
    ]);
    for (const { allocation } of dry.released) {
      expect(allocation).toMatchObject({
        status: 'RELEASED',
        liveness: 'UNKNOWN',
        host: { name: 'quay', ranges: expect.any(Array) },
        codebase: { name: 'shop' },
        worktree: { path: gone, host: { name: 'quay' } },
      });
    }
    for (const { explanation } of [...dry.released, ...dry.kept]) expect(explanation).toMatch(/^[A-Z].*\.$/);

    const { cleanupPorts: real } = await ask<{ cleanupPorts: Report }>(`mutation { cleanupPorts { ${report} } }`);
    const withoutConflicts = ({ released, kept, historyPruned }: Report) => ({
      released: released.map((each) => ({ ...each, allocation: { ...each.allocation, conflicts: [] } })),
      kept,
      historyPruned,
    });
    expect(withoutConflicts(real)).toEqual(withoutConflicts(dry));
    expect(real.dryRun).toBe(false);
    expect(await ask('{ portAllocations { edges { node { port } } } }')).toEqual({
      portAllocations: { edges: [{ node: { port: 8_003 } }, { node: { port: 9_000 } }] },
    });
  });

  it('looks through one host where it is named, and refuses what is no host’s name', async () => {
    const { registry, ask, post } = await openHarbour(await engine.open());
    await allocate(registry, 'near');
    await allocate(registry, 'far', { host: 'pier' });
    const kept = 'kept { allocation { host { name } } reason } released { reason }';
    expect(await ask(`mutation { cleanupPorts(host: "pier") { ${kept} } }`)).toEqual({
      cleanupPorts: {
        kept: [{ allocation: { host: { name: 'pier' } }, reason: 'NOT_VISIBLE_FROM_HERE' }],
        released: [],
      },
    });
    const { errors } = await post(`mutation { cleanupPorts(host: " ") { ${kept} } }`);
    expect(errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'INVALID_INPUT' }) }),
    ]);
  });

  it('gives a thousand entries of a list at once, tells how many there are, and the others as asked', async () => {
    const database = await engine.open();
    const { ask } = await openHarbour(database);
    await database.script(`
      INSERT INTO wharfinger.host (name) VALUES ('pier');
      INSERT INTO wharfinger.port_allocation
        (id, host_name, port, service_name, environment, status, owner, public_hostnames, allocated_at)
      SELECT gen_random_uuid(), 'pier', 2000 + n, 'web', 'dev', 'allocated', 'nobody', '{}', now()
      FROM generate_series(1, 1200) AS n;`);
    const { cleanupPorts } = await ask<{ cleanupPorts: Record<'most' | 'rest' | 'some' | 'released', Item[]> }>(
      `mutation { cleanupPorts(dryRun: true) { releasedCount keptCount released { reason } most: kept { reason }
        rest: kept(skip: 1000) { allocation { port } } some: kept(first: 2, skip: 3) { allocation { port } } } }`,
    );
    const { most, rest, ...others } = cleanupPorts;
    expect([most.length, rest.length, rest[0]?.allocation.port]).toEqual([1_000, 200, 3_001]);
    const some = [{ allocation: { port: 2_004 } }, { allocation: { port: 2_005 } }];
    expect(others).toEqual({ keptCount: 1_200, releasedCount: 0, released: [], some });
  });

  it('is not carried out where its answer could not be given as asked', async () => {
    const database = await engine.open();
    const { registry, clock, post } = await openHarbour(database);
    const { port } = await allocate(registry, 'old');
    granted(await registry.releasePort(release(port)));
    clock.advance(91 * day);
    const before = await dump(database);
    const query =
      'mutation Clean($first: Int, $skip: Int) { cleanupPorts { kept { reason } released(first: $first, skip: $skip) { reason } } }';
    for (const page of [{ first: 0 }, { first: 1_001 }, { first: 1, skip: -1 }]) {
      const { errors } = await post(query, page); // each leaves the database as it is
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
    }
    expect(await dump(database)).toEqual(before);
    expect((await post(query, { first: 1 })).errors).toBeUndefined();
    expect(await dump(database)).not.toEqual(before);
  });
});
