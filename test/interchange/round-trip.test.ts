import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImportedClaim } from '../../src/domain/import-report.ts';
import { type RegistryFormat, registryFormats } from '../../src/interchange/registry-file.ts';
import { toImportRows } from '../../src/schema/import-rows.ts';
import { claimRow } from '../../src/schema/import-rules.ts';
import { exported, read, write } from './contents.ts';

/** What somebody may have sent: anything that the inputs take. */
const valid = (field: 'serviceName' | 'description' | 'codebaseId') =>
  fc.string({ unit: character }).map((text) => {
    const { data } = claimRow.safeParse({ port: 1, serviceName: 'x', [field]: text });
    return data?.[field]?.trim() ? data[field] : 'as usual';
  });

const character = fc.oneof(
  fc.constantFrom(...`=+-@'"|\\,;\t\n\r<>&#[]%*_\`~ `),
  fc.string({ unit: 'grapheme', maxLength: 1 }),
);

const allocation = fc
  .record({
    port: fc.integer({ min: 1_024, max: 65_535 }),
    serviceName: valid('serviceName'),
    description: fc.option(valid('description')),
    environment: fc.constantFrom('dev' as const, 'test' as const, 'production' as const),
    codebaseId: fc.option(valid('codebaseId')),
    conversationId: fc.option(valid('codebaseId')),
    worktreePath: fc.option(valid('codebaseId').map((name) => `/src/${name}`)),
    metadata: fc.option(fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), fc.boolean(), { maxKeys: 3 })),
    publicHostnames: fc.array(fc.constantFrom('a.example.com', 'b.example.com:8443'), { maxLength: 2 }),
  })
  .map(({ port, ...facts }) => exported(port, facts));

/** What a format has no room for. */
const lost: Readonly<Record<RegistryFormat, readonly (keyof ImportedClaim)[]>> = {
  json: ['kept'],
  csv: [],
  markdown: ['metadata'],
  'port-keeper': ['metadata', 'publicHostnames'],
  devports: ['metadata', 'publicHostnames'],
  'scar-supervision': ['environment', 'owner', 'description', 'metadata', 'publicHostnames'],
};

describe.each(registryFormats)('an export as %s', (format) => {
  it('is read as what it tells, whatever the names', () => {
    fc.assert(
      fc.property(allocation, (given) => {
        const [row] = toImportRows(read(format, write(format, given)), () => given.hostName);
        const { worktreePath, codebaseId, conversationId, hostName, port } = given;
        const { serviceName, description, environment, metadata, publicHostnames } = given;
        const told = { serviceName, description, environment, metadata, publicHostnames, hostName, port, kept: null };
        const canLackCodebase = format !== 'json' || codebaseId === null;
        const owner = { worktreePath, codebaseId, conversationId };
        const claim: Record<string, unknown> = { ...told, owner, canLackCodebase };
        const found: Record<string, unknown> = row?.kind === 'claim' ? { ...row.claim } : { row };
        for (const field of lost[format]) delete claim[field];
        for (const field of lost[format]) delete found[field];
        expect(found).toEqual(claim);
      }),
      { numRuns: 300 },
    );
  });

  it('of nothing is read as nothing', () => {
    expect(read(format, write(format))).toEqual({ codebases: [], worktrees: [], claims: [] });
  });
});
