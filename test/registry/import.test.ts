import { describe, expect, it } from 'vitest';
import type { ImportedClaim, ImportRow } from '../../src/domain/import-report.ts';
import { nobody } from '../../src/domain/owner.ts';
import { asPort } from '../../src/domain/port.ts';
import type { ImportInput, RegistryImport } from '../../src/registry/import-registry.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { readEvents } from '../../src/storage/event-log.ts';
import { engines, postgresql } from '../support/databases.ts';
import { dump } from '../support/dump.ts';
import {
  allocate,
  codebase,
  granted,
  here,
  openRegistry,
  refused,
  repository,
  claim as request,
  stoppedClock,
  worktree,
} from '../support/registry.ts';

const claim = (port: number, facts: Partial<ImportedClaim> = {}): ImportRow => ({
  line: port,
  kind: 'claim',
  claim: {
    hostName: here,
    port: asPort(port),
    serviceName: 'web',
    environment: null,
    owner: nobody,
    canLackCodebase: false,
    description: null,
    metadata: null,
    publicHostnames: [],
    kept: null,
    ...facts,
  },
});

const shop = (servicePorts: Record<string, number> = {}): ImportRow => ({
  line: 1,
  kind: 'codebase',
  codebase: {
    id: 'shop',
    name: 'shop',
    repositoryUrl: null,
    defaultCwd: null,
    primaryPort: null,
    servicePorts: Object.fromEntries(Object.entries(servicePorts).map(([name, port]) => [name, asPort(port)])),
    createdAt: null,
  },
});

const ask = (registry: Registry, rows: readonly ImportRow[], options: Partial<ImportInput> = {}) =>
  registry.importRegistry({ rows, environment: null, dryRun: false, atomic: false, ...options });

const imported = async (...call: Parameters<typeof ask>): Promise<RegistryImport> => granted(await ask(...call));

const outcomes = ({ rows }: RegistryImport) => rows.map(({ outcome }) => outcome);

/** Without the ids, which a dry run makes up. */
const withoutIds = ({ rows, dryRun: _dryRun, applied: _applied, ...counts }: RegistryImport) => ({
  ...counts,
  rows: rows.map(({ allocation, holder, worktree: place, ...row }) => ({
    ...row,
    allocation: allocation && { ...allocation, id: '', worktreeId: allocation.worktreeId === place?.id },
    holder: holder && { ...holder, id: '', worktreeId: holder.worktreeId === place?.id },
    worktree: place && { ...place, id: '' },
  })),
});

describe.each(engines)('an import on $name', (engine) => {
  const mixed = [
    shop({ web: 8_500 }),
    claim(8_000, { owner: worktree('/wt/a') }),
    claim(8_001, { owner: codebase('shop'), serviceName: 'api' }),
    claim(8_002),
    claim(8_003, { environment: 'test' }),
    claim(8_004, { owner: codebase('gone') }),
    claim(8_500, { owner: codebase('shop') }),
    claim(443, { hostName: 'pier', publicHostnames: ['shop.example.com'] }),
  ];
  const expected = ['CREATED', 'CREATED', 'CREATED', 'CONFLICT', 'INVALID', 'INVALID', 'CREATED', 'CREATED'];

  async function openTaken() {
    const database = await engine.open();
    const registry = openRegistry(database, { clock: stoppedClock().now });
    await allocate(registry, 'till', { exactPort: 8_002 });
    return { database, registry };
  }

  it('does what its dry run says, and nothing when it is repeated', async () => {
    const { database, registry } = await openTaken();
    const before = await dump(database);
    const dry = await imported(registry, mixed, { dryRun: true });
    expect(dry).toMatchObject({ dryRun: true, applied: false, created: 5, unchanged: 0, conflicting: 1, invalid: 2 });
    expect(await dump(database)).toEqual(before);

    const real = await imported(registry, mixed);
    expect(outcomes(real)).toEqual(expected);
    expect(real).toMatchObject({ dryRun: false, applied: true });
    expect(withoutIds(real)).toEqual(withoutIds(dry));
    expect((await readEvents(database, 0, 100)).map(({ kind, allocation: { port } }) => [kind, port])).toEqual([
      ['allocated', 8_002],
      ['registered', 8_000],
      ['registered', 8_001],
      ['registered', 8_500],
      ['registered', 443],
    ]);

    const after = await dump(database);
    const again = await imported(registry, mixed);
    expect(again).toMatchObject({ created: 0, unchanged: 5, conflicting: 1, invalid: 2 });
    expect(await dump(database)).toEqual(after);
  });

  it('that is atomic does nothing where a row cannot be had, and everything where all can', async () => {
    const { database, registry } = await openTaken();
    const before = await dump(database);
    const test = { environment: 'test' } as const;
    const together = [
      ask(registry, mixed, { atomic: true }),
      allocate(registry, 'mate', test),
      allocate(registry, 'other', test),
    ];
    const [refusedReport, ...mates] = await Promise.all(together);
    expect(refusedReport).toMatchObject({ applied: false, created: 5, conflicting: 1 });
    expect(mates).toMatchObject([{ port: 7_000 }, { port: 7_001 }]);
    const { codebase: codebases, worktree: worktrees } = await dump(database);
    expect({ codebases, worktrees }).toEqual({ codebases: before.codebase, worktrees: before.worktree });

    const whole = [shop(), claim(8_010, { owner: codebase('shop') }), claim(8_002, { serviceName: 'till' })];
    expect(await imported(registry, whole, { atomic: true })).toMatchObject({
      applied: true,
      created: 2,
      unchanged: 1,
    });
  });

  it('is seen at once by what is decided after it, on every host', async () => {
    const registry = openRegistry(await engine.open());
    await allocate(registry, 'first', { host: 'pier' });
    await imported(registry, [shop(), claim(8_000), claim(8_001, { hostName: 'pier' })]);
    expect(await allocate(registry, 'api')).toMatchObject({ port: 8_001 });
    expect(await allocate(registry, 'api', { host: 'pier' })).toMatchObject({ port: 8_002 });
    refused(await registry.allocatePort(request('other', { exactPort: 8_000 })), 'PORT_UNAVAILABLE');
  });

  it('tells of ports that another codebase configures too', async () => {
    const database = await engine.open();
    const registry = openRegistry(database);
    granted(
      await registry.registerCodebase(repository('till', { id: 'till', servicePorts: { web: 8_400, api: 8_401 } })),
    );
    await imported(registry, [shop({ web: 8_400 }), claim(8_401, { owner: codebase('shop') })]);
    const { conflict } = await dump(database);
    const raised = conflict?.map((row) => row as { kind: string; port: number; allocation_id: string | null });
    expect(raised?.map(({ kind, port, allocation_id }) => [kind, port, allocation_id !== null])).toEqual(
      expect.arrayContaining([
        ['port_config_collision', 8_401, true],
        ['port_config_collision', 8_400, false],
      ]),
    );
  });

  it('takes ten thousand rows, and leaves the others their turn', async () => {
    const database = await engine.open();
    const registry = openRegistry(database);
    const rows = Array.from({ length: 10_000 }, (_, index) =>
      claim(20_000 + index, { owner: worktree(`/wt/${index % 500}`), environment: 'production' }),
    );
    const [report, mate] = await Promise.all([imported(registry, rows), allocate(registry, 'mate')]);
    expect([report.created, mate.port]).toEqual([10_000, 8_000]);
    expect(await imported(registry, rows, { atomic: true })).toMatchObject({ applied: true, unchanged: 10_000 });
  });

  it('of more hosts than can be locked together is refused', async () => {
    const registry = openRegistry(await engine.open());
    const rows = Array.from({ length: 65 }, (_, index) => claim(8_000, { hostName: `host-${index}` }));
    expect(refused(await ask(registry, rows), 'INVALID_INPUT').message).toContain('at most 64');
    expect(await imported(registry, [])).toMatchObject({ applied: true, rows: [] });
  });

  it('says of a path that leads to one that is too long that the row is invalid', async () => {
    const registry = openRegistry(await engine.open());
    const report = await imported(registry, [claim(8_000, { owner: worktree(`/${'x'.repeat(1_100)}`) }), claim(8_001)]);
    expect(outcomes(report)).toEqual(['INVALID', 'CREATED']);
  });

  it('says of a path at which there can be no worktree that the row is invalid', async () => {
    const registry = openRegistry(await engine.open());
    const rows = [claim(8_000, { owner: worktree('/proc/self/cwd') }), claim(8_001, { owner: worktree('/dev/null') })];
    expect(outcomes(await imported(registry, rows))).toEqual(['INVALID', 'INVALID']);
  });
});

describe('two instances on postgresql', () => {
  it('that import the same file at the same time create each row once', async () => {
    const place = await postgresql.create();
    const registries = [openRegistry(await place.open()), openRegistry(await place.open())];
    const rows = [
      shop(),
      ...Array.from({ length: 200 }, (_, index) => claim(8_100 + index, { owner: codebase('shop') })),
    ];
    const reports = await Promise.all(registries.map((registry) => imported(registry, rows, { atomic: true })));
    expect(reports.map(({ created, unchanged }) => [created, unchanged]).sort()).toEqual([
      [0, 201],
      [201, 0],
    ]);
  });
});
