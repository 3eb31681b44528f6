import { describe, expect, it, vi } from 'vitest';
import { within } from '../../src/observer/within.ts';
import { embedded } from '../support/databases.ts';
import { mountDirectory, noDeadMounts } from '../support/dead-mount.ts';
import { sendRaw } from '../support/raw-request.ts';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const allocate = (worktreePath: string, name = 'web') => `mutation {
  allocatePort(input: { serviceName: "${name}", owner: { worktreePath: "${worktreePath}" } }) {
    __typename ... on AllocatePortSuccess { created allocation { port worktree { path } } } ... on Error { message }
  }
}`;
const allocated = (path: string) =>
  expect.objectContaining({
    allocatePort: expect.objectContaining({ allocation: expect.objectContaining({ worktree: { path } }) }),
  });

async function ready(server: SpawnedServer): Promise<Record<string, string>> {
  return JSON.parse((await sendRaw(server.port, { path: '/ready' })).text);
}

/** What it comes to; fails where it hangs. A busy machine may take seconds for what takes milliseconds. */
async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const settled = await within(answer, 20_000, undefined);
  if (settled === undefined) throw new Error('It hangs.');
  return settled;
}

const title =
  noDeadMounts === undefined ? 'a mount that does not answer' : `a mount that stops (skipped: ${noDeadMounts})`;

describe.skipIf(noDeadMounts !== undefined)(title, { timeout: 120_000 }, () => {
  it('keeps nobody waiting but those who name it, is said by /ready, and does not delay the end', async () => {
    const { dataDirectory } = await embedded.create();
    const mount = await mountDirectory('shop', ...Array.from({ length: 40 }, (_, index) => `wt${index}`));
    const home = await temporaryDirectory();
    const server = await spawnServer({ dataDirectory, env: { PORT_SCAN_SECONDS: '1' } });
    const shop = `${mount.path}/shop`;
    expect((await server.post(allocate(shop))).data).toEqual(allocated(shop));
    await server.post(
      `mutation { registerCodebase(input: { id: "shop", name: "shop", defaultCwd: "${shop}" }) { __typename } }`,
    );

    mount.stop();
    const dead = Array.from({ length: 40 }, (_, index) => `${mount.path}/wt${index}`);
    const healthy = Array.from({ length: 40 }, (_, index) => `${home}/wt${index}`);
    const answers = Promise.all([...dead, ...healthy].map((path) => server.post(allocate(path))));
    const health = await inTime(sendRaw(server.port, { path: '/health' }));
    expect(health.status).toBe(200);
    const outcomes = await inTime(answers);
    expect(outcomes.map(({ data }) => data)).toEqual([...dead, ...healthy].map(allocated));

    // By now it is known: neither is asked.
    await inTime(server.post(allocate(`${mount.path}/another`)));
    await inTime(server.post(`{ portAllocations(where: { worktreePath: "${shop}" }) { totalCount } }`));
    const backfill = await inTime(
      server.post('mutation { backfillWorktrees(codebaseId: "shop") { ... on Error { message } } }'),
    );
    expect(JSON.stringify(backfill)).toContain('does not answer');
    await vi.waitUntil(async () => (await ready(server)).status === 'degraded', { timeout: 10_000 });
    expect(await ready(server)).toMatchObject({ scan: 'ok', paths: expect.stringContaining('does not answer') });

    server.kill('SIGTERM');
    expect(await inTime(server.exited)).toMatchObject({ code: 0, signal: null });

    const again = await spawnServer({ dataDirectory, env: { PORT_SCAN_SECONDS: '1' } });
    expect((await again.post(allocate(shop))).data).toMatchObject({ allocatePort: { created: false } });
    mount.resume();
    await vi.waitUntil(async () => (await ready(again)).status === 'ready', { timeout: 40_000 });
  });
});
