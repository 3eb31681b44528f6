import { describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { createRepository } from '../support/git-repository.ts';
import { listener, openRegistry, seeing } from '../support/registry.ts';
import { startServer } from '../support/server.ts';
import { wharfside } from './wharfinger.ts';

async function serve(observer = seeing()) {
  return startServer({ database: await embedded.open(), observer });
}

describe('the commands about what is there', { timeout: 60_000 }, () => {
  it('stats shows the ranges', async () => {
    const { wharfinger, json } = await wharfside(await serve());
    await wharfinger('allocate', 'web');
    const { code, stdout } = await wharfinger('stats');
    expect(code).toBe(0);
    expect(stdout).toContain('dev\t8000-8999\t1\t999\t0.1 %\n');
    expect(await json('stats')).toMatchObject({ openConflicts: 0, ranges: [{ environment: 'DEV', used: 1 }, {}, {}] });
  });

  it('conflicts shows what is open, and settles it', async () => {
    const observer = seeing([listener(8123)]);
    const database = await embedded.open();
    const registry = openRegistry(database, { observer });
    await registry.scanHost();
    const { wharfinger, json } = await wharfside(await startServer({ database, registry, observer }));
    const { stdout } = await wharfinger('conflicts');
    expect(stdout).toMatch(/\tunregistered-listener\topen\t8123\tadopt,dismiss\t/);
    expect(await wharfinger('conflicts', 'resolve', '8123', 'release')).toMatchObject({ code: 2, stdout: '' });
    expect(await json('conflicts', 'resolve', '8123', 'adopt')).toMatchObject({
      settled: { conflict: { state: 'RESOLVED' }, allocation: { port: 8123 } },
    });
    expect(await json('conflicts')).toEqual({ conflicts: [], settled: null });
  });

  it('cleanup says what it would do, and why', async () => {
    const { wharfinger, json } = await wharfside(await serve());
    const port = (await wharfinger('allocate', 'web')).stdout.trim();
    const { code, stdout } = await wharfinger('cleanup', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain(`${port}\tweb\tkept\t`);
    expect(await json('cleanup')).toMatchObject({ dryRun: false, releasedCount: 0, keptCount: 1 });
  });

  it('backfill gives ports to the worktrees of the codebase around it', async () => {
    const server = await serve();
    const { path, add } = await createRepository();
    const cart = await add('cart', { branch: 'cart' });
    const { wharfinger } = await wharfside(server, cart);
    expect(await wharfinger('backfill')).toMatchObject({ code: 2, stderr: expect.stringContaining('codebase') });
    const register = `mutation ($path: String!) {
      registerCodebase(input: { id: "shop", name: "shop", defaultCwd: $path }) { __typename }
    }`;
    await server.post(register, { path });
    const { code, stdout } = await wharfinger('backfill');
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${cart}\tcart\t8\\d{3}\t`, 'm'));
  });
});
