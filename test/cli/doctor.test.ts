import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { createRepository } from '../support/git-repository.ts';
import { openRegistry, policy } from '../support/registry.ts';
import { startServer } from '../support/server.ts';
import { wharfside } from './wharfinger.ts';

interface Diagnosis {
  readonly ok: boolean;
  readonly checks: readonly { name: string; status: string; finding: string; remedy: string | null }[];
}

describe('doctor', { timeout: 60_000 }, () => {
  it('finds all well', async () => {
    const server = await startServer({ database: await embedded.open() });
    const { wharfinger, json } = await wharfside(server);
    const { code, stdout, stderr } = await wharfinger('doctor');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^✓ server {5}answers at http/);
    const { ok, checks } = await json<Diagnosis>('doctor');
    expect(ok).toBe(true);
    expect(checks.map(({ name }) => name)).toEqual([
      ...['server', 'database', 'storage', 'detection', 'scan', 'paths', 'range', 'range', 'range', 'conflicts', 'git'],
    ]);
    expect(checks.filter(({ status, remedy }) => status !== 'ok' || remedy !== null)).toEqual([]);
  });

  it.each([
    ['nothing answers', 'http://127.0.0.1:1/graphql', 'server', 'wharfinger serve'],
    ['there is no such host', 'http://nowhere.invalid:4280/graphql', 'server', 'wharfinger serve'],
  ])('says what to do where %s', async (_what, url, name, remedy) => {
    const { wharfinger, json } = await wharfside({ url });
    expect((await wharfinger('doctor')).code).toBe(1);
    const { ok, checks } = await json<Diagnosis>('doctor');
    expect(ok).toBe(false);
    expect(checks[0]).toMatchObject({ name, status: 'failed', remedy: expect.stringContaining(remedy) });
  });

  it('warns of a range as early as the server does', async () => {
    const database = await embedded.open();
    const registry = openRegistry(database, { policy: policy({ utilizationAlert: 0.001 }) });
    const server = await startServer({ database, registry });
    const { json, wharfinger } = await wharfside(server);
    await wharfinger('allocate', 'web');
    const { ok, checks } = await json<Diagnosis>('doctor');
    expect(ok).toBe(true);
    const states = checks.filter(({ name }) => name === 'range').map(({ status, finding }) => `${status} ${finding}`);
    expect(states).toEqual(expect.arrayContaining([expect.stringMatching(/^warning dev .* 1 of/)]));
    expect(states.filter((state) => state.startsWith('ok'))).toHaveLength(2);
  });

  it('says so where git cannot say which worktree it is', async () => {
    const { path } = await createRepository();
    await writeFile(join(path, '.git/config'), '[core');
    const { json } = await wharfside({ url: 'http://127.0.0.1:1/graphql' }, path);
    const { checks } = await json<Diagnosis>('doctor');
    expect(checks[0]?.finding).toContain('(ECONNREFUSED)');
    expect(checks.at(-1)).toMatchObject({ name: 'git', status: 'failed', remedy: expect.stringContaining('config') });
  });

  it('says why listeners are not seen', async () => {
    const server = await startServer({ database: await embedded.open(), blindness: 'There is no lsof. Install it.' });
    const { json, wharfinger } = await wharfside(server);
    expect((await wharfinger('doctor')).code).toBe(1);
    const { checks } = await json<Diagnosis>('doctor');
    expect(checks).toContainEqual(
      expect.objectContaining({ name: 'detection', status: 'failed', remedy: 'There is no lsof. Install it.' }),
    );
  });

  it('says where the token is wrong', async () => {
    const server = await startServer({ database: await embedded.open(), config: { token: 'right' } });
    const { json } = await wharfside(server);
    const { checks } = await json<Diagnosis>('doctor', '--token', 'wrong');
    expect(checks).toContainEqual(
      expect.objectContaining({ name: 'token', status: 'failed', remedy: expect.stringContaining('WHARFINGER_TOKEN') }),
    );
    expect((await json<Diagnosis>('doctor', '--token', 'right')).ok).toBe(true);
  });
});
