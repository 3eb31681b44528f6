import { describe, expect, it } from 'vitest';
import { RegistryFormat } from '../../src/client/client.ts';
import { openHarbour } from '../schema/harbour.ts';
import { embedded } from '../support/databases.ts';
import { granted, openClient } from './registry-client.ts';

async function openHost() {
  const { url } = await openHarbour(await embedded.open());
  return openClient({ url });
}

describe('a registry as a file', () => {
  it('goes from one server to another by clients', async () => {
    const [from, to] = [await openHost(), await openHost()];
    granted(await from.allocatePort({ serviceName: 'web', owner: { worktreePath: '/wt/cart' } }));
    const content = await from.exportRegistry({ format: 'JSON' });
    const variables = { format: RegistryFormat.JSON, content };
    const dry = granted(await to.importRegistry({ ...variables, dryRun: true }));
    expect(dry).toMatchObject({ dryRun: true, applied: false, created: 2 });
    const report = granted(await to.importRegistry({ ...variables, atomic: true }));
    expect(report).toMatchObject({
      dryRun: false,
      applied: true,
      created: 2,
      unchanged: 0,
      conflicting: 0,
      invalid: 0,
    });
    expect(report.rows).toMatchObject([
      { outcome: 'CREATED', port: null, allocation: null },
      { outcome: 'CREATED', port: 8_000, serviceName: 'web', allocation: { worktree: { path: '/wt/cart' } } },
    ]);
    expect(await to.exportRegistry({ format: 'SCAR_SUPERVISION', where: { environments: ['TEST'] } })).toContain(
      '"allocations": {}',
    );
  });

  it('is answered whole where it has as many rows as it may have', async () => {
    const client = await openHost();
    const lines = Array.from({ length: 10_000 }, (_, index) => `${20_000 + index},web`);
    const content = `port,service\n${lines.join('\n')}`;
    const report = granted(await client.importRegistry({ format: 'CSV', content, dryRun: true }));
    expect([report.rows.length, report.created]).toEqual([10_000, 10_000]);
  });

  it('that is none is a refusal', async () => {
    const client = await openHost();
    expect(await client.importRegistry({ format: RegistryFormat.DEVPORTS, content: '{' })).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: ['content'] }],
    });
  });
});
