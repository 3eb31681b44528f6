import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decideAllocation } from '../../src/domain/allocate.ts';
import { nobody } from '../../src/domain/owner.ts';
import { Prober } from '../../src/observer/prober.ts';
import { expectsNothing, noReads, type Operation } from '../../src/registry/operation.ts';
import { type BatchReport, Writer } from '../../src/registry/writer.ts';
import type { Database } from '../../src/storage/database.ts';
import { engines, postgresql } from '../support/databases.ts';
import { insertRaw } from '../support/raw-rows.ts';
import { allocate, claim, granted, here, openRegistry, policy, refused, service } from '../support/registry.ts';

function openWriter(database: Database) {
  const batches: BatchReport[] = [];
  const writer = new Writer({
    hostName: here,
    database,
    policy: policy(),
    prober: new Prober(
      'pier',
      async () => 'free',
      async () => new Map(),
    ),
    listenedElsewhere: async () => new Map(),
    clock: () => new Date(),
    newId: randomUUID,
    random: Math.random,
    monitor: { batch: (batch) => batches.push(batch), outcome: () => {} },
  });
  return { writer, batches };
}

/** Allocates a port for a service without an owner. */
const allocation = (serviceName: string): Operation<unknown> => ({
  name: 'allocate',
  hosts: [here],
  reads: noReads,
  expects: expectsNothing,
  decide: (surroundings) => {
    const services = [service(serviceName)];
    return decideAllocation(
      { hostName: here, environment: 'dev', owner: nobody, services, force: false },
      surroundings,
    );
  },
});

const breaking = (decide: Operation<unknown>['decide']): Operation<unknown> => ({ ...allocation('broken'), decide });

describe.each(engines)('a batch on $name', (engine) => {
  it('is one transaction for all who ask at once', async () => {
    const { writer, batches } = openWriter(await engine.open());
    await Promise.all(Array.from({ length: 100 }, (_, index) => writer.submit(allocation(`s${index}`))));
    expect(batches.map(({ size }) => size)).toEqual([100]);
  });

  it('takes those along who ask while another is under way', async () => {
    const { writer, batches } = openWriter(await engine.open());
    let late: Promise<unknown>[] = [];
    const first = breaking((surroundings) => {
      late = [writer.submit(allocation('a')), writer.submit(allocation('b'))];
      return allocation('first').decide(surroundings);
    });
    await writer.submit(first);
    await Promise.all(late);
    expect(batches.map(({ size }) => size)).toEqual([1, 2]);
  });

  it.each([
    [
      'decides by throwing',
      () => {
        throw new Error('a fault of ours');
      },
    ],
    [
      'cannot be written',
      (surroundings: Parameters<Operation<unknown>['decide']>[0]) => {
        const { ledger } = surroundings;
        ledger.putWorktree({
          id: 'no UUID',
          hostName: here,
          path: '/w',
          branch: null,
          codebaseId: null,
          conversationId: null,
          registeredAt: ledger.now,
          removedAt: null,
          missingSince: null,
          misses: 0,
          device: null,
        });
        return { outcome: 'never committed' };
      },
    ],
    ['never stops wanting ports probed', () => ({ unprobed: [1] })],
  ])('lets a request fail alone that %s', async (_how, decide) => {
    const database = await engine.open();
    const { writer } = openWriter(database);
    const outcomes = await Promise.allSettled([
      writer.submit(allocation('before')),
      writer.submit(breaking(decide)),
      writer.submit(allocation('after')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const rows = await database.query('SELECT service_name, port FROM wharfinger.port_allocation ORDER BY port');
    expect(rows).toEqual([
      { service_name: 'before', port: 8_000 },
      { service_name: 'after', port: 8_001 },
    ]);
    const events = await database.query('SELECT number::int FROM wharfinger.allocation_event ORDER BY number');
    expect(events).toHaveLength(2);
  });

  it('is over when the writer is idle', async () => {
    const { writer } = openWriter(await engine.open());
    let answered = false;
    const work = writer.submit(allocation('web')).then(() => {
      answered = true;
    });
    await writer.idle();
    await work;
    expect(answered).toBe(true);
    await expect(writer.idle()).resolves.toBeUndefined();
  });
});

describe.each(engines)('a port taken behind the back of the registry on $name', (engine) => {
  const rogue = { host_name: here, codebase_id: null, worktree_id: null, owner: 'nobody', service_name: 'rogue' };

  it('is passed over, and everybody else is served', async () => {
    const database = await engine.open();
    const registry = openRegistry(database);
    await allocate(registry, 'first'); // from now on the registry knows which ports are held
    await insertRaw(database, 'port_allocation', { ...rogue, port: 8_001 });
    const allocations = await Promise.all(['a', 'b', 'c'].map((name) => allocate(registry, name)));
    expect(allocations.map(({ port }) => port)).toEqual([8_002, 8_003, 8_004]);
  });

  it('is refused to those who ask for it', async () => {
    const database = await engine.open();
    const registry = openRegistry(database);
    await allocate(registry, 'first');
    await insertRaw(database, 'port_allocation', { ...rogue, port: 8_001 });
    const refusal = refused(await registry.allocatePort(claim('a', { exactPort: 8_001 })), 'PORT_UNAVAILABLE');
    expect(refusal).toMatchObject({ reasons: ['ALLOCATED'], holder: { serviceName: 'rogue' } });
    expect(granted(await registry.allocatePort(claim('b', { preferredPort: 8_001 }))).allocation.port).toBe(8_002);
  });
});

describe('a database that goes away', () => {
  it('fails what is asked meanwhile, and nothing after it is back', async () => {
    const database = await postgresql.open();
    let isDown = false;
    const transaction: Database['transaction'] = (work) =>
      database.transaction(async (open) => {
        if (isDown) await open.query('SELECT pg_terminate_backend(pg_backend_pid())');
        return work(open);
      });
    const registry = openRegistry({ ...database, transaction });
    await allocate(registry, 'before');
    isDown = true;
    const outcomes = await Promise.allSettled(['a', 'b'].map((name) => registry.allocatePort(claim(name))));
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { name: 'DatabaseUnavailable' } },
      { status: 'rejected', reason: { name: 'DatabaseUnavailable' } },
    ]);
    isDown = false;
    expect((await allocate(registry, 'a')).port).toBe(8_001);
  });
});
