import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideImport } from '../../src/domain/import.ts';
import { isRefusal } from '../../src/domain/refusals.ts';
import { type ImportPart, type PartLimits, splitFile } from '../../src/interchange/import-parts.ts';
import type { FileRow, RegistryFile } from '../../src/interchange/registry-file.ts';
import { toImportRows } from '../../src/schema/import-rows.ts';
import { allocation, codebase, quay, type Scene, seed } from '../domain/seed.ts';
import { read, refusal } from './contents.ts';

const roomy: PartLimits = { bytes: 100_000, rows: 1_000, hosts: 64 };

function split(file: RegistryFile, limits: Partial<PartLimits>, dryRun = true): ImportPart[] {
  const parts = splitFile(file, { limits: { ...roomy, ...limits }, host: null, dryRun });
  if (isRefusal(parts)) expect.fail(`was refused: ${parts.message}`);
  return parts;
}

const rowsOf = ({ codebases, worktrees, claims }: RegistryFile) => [...codebases, ...worktrees, ...claims];
const csv = (...rows: readonly string[]) => read('csv', ['port,service,host,worktree', ...rows].join('\n'));
const ownLines = ({ rows }: ImportPart) => rows.flatMap(({ line, isCarried }) => (isCarried ? [] : [line]));

type Registry = ReturnType<typeof seed>;

/** What becomes of the rows that a part answers for. */
function outcomes({ content, rows }: ImportPart, surroundings: Registry): unknown[] {
  const imported = toImportRows(read('json', content), (named) => named ?? quay);
  const report = decideImport({ rows: imported, environment: null }, surroundings);
  expect(report.rows).toHaveLength(rows.length);
  return report.rows.flatMap(({ outcome, port }, index) => (rows[index]?.isCarried ? [] : [[outcome, port]]));
}

const maybe = <Value>(...values: readonly Value[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const id = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;
const codebases = fc.record({
  id: fc.constantFrom('shop', 'till', 'mail'),
  name: fc.constantFrom('shop', 'till'),
  repositoryUrl: maybe('https://x/shop', 'https://x/till'),
});
const worktrees = fc.record({
  path: fc.constantFrom('/src/a', '/src/b'),
  codebaseId: maybe('shop', 'till', 'none'),
});
const claims = fc
  .record({
    id: maybe(id(1), id(2)),
    port: fc.constantFrom(8_000, '8000', 8_001, 9_001, 70_000),
    serviceName: fc.constantFrom('web', 'api'),
    host: maybe(quay),
    worktreePath: maybe('/src/a', '/src/b', '/src/c'),
    codebaseId: maybe('shop', 'till', 'mail'),
    codebase: maybe('till', 'mail'),
    environment: maybe('dev'),
    allocatedAt: maybe('2026-01-01T00:00:00Z'),
    isReleased: fc.boolean(),
  })
  .map(({ isReleased, ...claim }) => {
    return isReleased ? { ...claim, status: 'released', releasedAt: '2026-01-02T00:00:00Z' } : claim;
  });

const numbered = (fields: readonly FileRow['fields'][], from: number): FileRow[] =>
  fields.map((each, index) => ({ line: from + index, fields: each }));
const anyFile = fc
  .tuple(
    fc.array(codebases, { maxLength: 4 }),
    fc.array(worktrees, { maxLength: 4 }),
    fc.array(claims, { maxLength: 12 }),
  )
  .map(([first, second, third]) => ({
    codebases: numbered(first, 1),
    worktrees: numbered(second, 101),
    claims: numbered(third, 201),
  }));

/** A registry that has something of it already. */
const scene: Scene = {
  codebases: [codebase('known', { name: 'shop', repositoryUrl: 'https://x/shop' })],
  allocations: [allocation(8_001)],
};

describe('a file in parts', () => {
  it.each([
    ['one after the other', false, (registry: Registry) => registry],
    ['each in a dry run', true, () => seed(scene)],
  ])('is decided as the whole of it is, %s', (_how, dryRun, registryOf) => {
    fc.assert(
      fc.property(anyFile, fc.integer({ min: 2, max: 12 }), (file, rows) => {
        const parts = splitFile(file, { limits: { ...roomy, rows }, host: null, dryRun });
        if (isRefusal(parts)) return fc.pre(false);
        const [whole] = split(file, {});
        const expected = whole ? outcomes(whole, seed(scene)) : [];
        const registry = seed(scene);
        expect(parts.flatMap((part) => outcomes(part, registryOf(registry)))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('has every row in one part that answers for it, in its order and with its line', () => {
    fc.assert(
      fc.property(anyFile, (file) => {
        const parts = split(file, { rows: 18 });
        expect(parts.flatMap(ownLines)).toEqual(rowsOf(file).map(({ line }) => line));
        for (const { rows } of parts) expect(rows.length).toBeLessThanOrEqual(18);
      }),
    );
  });

  it('has as many bytes a part as a request takes, quotes and backslashes written twice', () => {
    const names = Array.from({ length: 50 }, (_, index) => `${index + 1},"""\\ größe ""${'\\'.repeat(9)}"`);
    const parts = split(csv(...names), { bytes: 1_000 });
    const sizes = parts.map(({ content }) => Buffer.byteLength(JSON.stringify(content)));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000);
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(700);
    expect(parts.flatMap(({ content }) => read('json', content).claims.map(({ fields }) => fields))).toEqual(
      csv(...names).claims.map(({ fields }) => fields),
    );
  });

  it('never cuts a cell of several lines, and knows where the next one is', () => {
    const parts = split(csv('1,"a\nb"', '2,"c\n\nd"', '3,e'), { rows: 1 });
    expect(parts.map(ownLines)).toEqual([[2], [4], [7]]);
  });

  it('carries the codebases that its rows name, and for a dry run what they stand on', () => {
    const file = read(
      'json',
      `{"format": "wharfinger", "version": 1,
        "codebases": [{"id": "shop"}, {"id": "till"}],
        "worktrees": [{"path": "/src/shop", "codebaseId": "shop"}],
        "allocations": [{"port": 1}, {"port": 2, "worktreePath": "/src/shop"}, {"port": 3, "codebaseId": "till"}]}`,
    );
    const carried = (dryRun: boolean) =>
      split(file, { rows: 3 }, dryRun).map(({ content }) => {
        const part = read('json', content);
        return [part.codebases, part.worktrees, part.claims].map((list) =>
          list.map(({ fields }) => fields.id ?? fields.path ?? fields.port),
        );
      });
    expect(carried(false)).toEqual([
      [['shop', 'till'], ['/src/shop'], []],
      [[], [], [1, 2]],
      [['till'], [], [3]],
    ]);
    expect(carried(true)).toEqual([
      [['shop', 'till'], ['/src/shop'], []],
      [[], [], [1]],
      [['shop'], ['/src/shop'], [2]],
      [['till'], [], [3]],
    ]);
  });

  it('is about no more hosts a part than an import takes', () => {
    const rows = Array.from({ length: 10 }, (_, index) => `8000,web,h${index}`);
    expect(split(csv(...rows), { hosts: 4 }).map(({ rows: { length } }) => length)).toEqual([4, 4, 2]);
    const parts = splitFile(csv(...rows), { limits: { ...roomy, hosts: 4 }, host: quay, dryRun: false });
    expect(parts).toHaveLength(1);
  });

  it('is refused where a row is too long for any part', () => {
    const parts = splitFile(csv('1,web', `2,${'x'.repeat(900)}`), {
      limits: { ...roomy, bytes: 1_000 },
      host: null,
      dryRun: false,
    });
    expect(parts).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('line 3') });
  });

  it('has as many rows as are asked for, and no more', () => {
    expect(refusal('csv', `port,service${'\n1,web'.repeat(10_001)}`)).toContain('more than 10000 rows');
  });
});
