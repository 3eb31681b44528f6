import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createObserver } from '../../src/observer/observer.ts';
import { probePort } from '../../src/observer/probe.ts';
import { startDevServer } from '../support/dev-server.ts';
import { freeSpace } from '../support/free-space.ts';
import { createRepository } from '../support/git-repository.ts';
import { policy } from '../support/registry.ts';
import { openChat } from './open-chat.ts';

/** A chat about a real repository on a registry that really looks at this machine. */
async function openScene() {
  const dev = await freeSpace();
  const options = {
    policy: policy({ ranges: { ...policy().ranges, dev } }),
    probePort,
    observer: createObserver(),
  };
  const chat = await openChat({ conversationId: 'issue-6' }, options);
  const repository = await createRepository();
  const create = async (branch: string) => {
    const path = await repository.add(branch, { branch });
    return { path, ...(await chat.handler.worktreeCreated({ path, branch })) };
  };
  return { ...chat, repository, create, first: Number(dev.start) };
}

/** Each line of the manual checklist of the plan for SCAR, by its words. */
describe('manual testing checklist', () => {
  it('Create worktree, verify port allocated', async () => {
    const { create, first, hear } = await openScene();
    const { path, ports } = await create('feature-api');
    expect(ports).toEqual([first]);
    expect(await hear('/port-list --worktree', { worktreePath: path })).toContain(`| ${first} | feature-api | dev |`);
  });

  it('Remove worktree, verify port released', async () => {
    const { create, repository, handler, first, hear } = await openScene();
    const { path } = await create('feature-api');
    await hear('/port-allocate worker', { worktreePath: path });
    await repository.git('worktree', 'remove', path);
    expect(await handler.worktreeRemoved({ path, shortPath: 'feature-api' })).toEqual({
      success: true,
      message: `Worktree removed!\n\nPath: feature-api\nReleased Ports: ${first}, ${first + 1}`,
      modified: true,
      ports: [first, first + 1],
    });
    expect(await hear('/port-list')).toContain('No port is allocated.');
    expect(await hear('/port-list --all')).toContain(`| ${first} | feature-api | dev | released |`);
    expect(await handler.worktreeRemoved({ path })).toMatchObject({ success: true, ports: [] });
  });

  it('Allocate port manually via command', async () => {
    const { say, first } = await openScene();
    const answer = await say(`/port-allocate web dev ${first + 7}`);
    expect(answer).toMatchObject({ success: true, modified: true });
    expect(answer.message).toContain(`Port ${first + 7} for \`web\` is allocated.`);
    const again = await say('/port-allocate web dev');
    expect(again.message).toContain(`Port ${first + 7} for \`web\` was allocated before, and is yours.`);
    expect(again).not.toHaveProperty('modified');
  });

  it('Check port status and conflicts', async () => {
    const { create, repository, client, first, hear } = await openScene();
    const { path } = await create('feature-api');
    expect(await hear(`/port-check ${first + 1}`)).toContain(`Port ${first + 1} is available.`);
    const own = await startDevServer({ cwd: path, port: first });
    await client.scanHost();
    expect(await hear(`/port-check ${first}`)).toContain(`Liveness: up: its owner listens (process ${own.pid})`);
    expect(await hear('/port-conflicts')).not.toContain(String(first));
    await own.stop();

    const other = await repository.add('other', { branch: 'other' });
    await hear('/port-allocate web', { worktreePath: other });
    await startDevServer({ cwd: other, port: first });
    await client.scanHost();
    expect(await hear(`/port-check ${first}`)).toContain('Liveness: squatted');
    const conflicts = await hear('/port-conflicts');
    expect(conflicts).toContain('**port-squatted**');
    expect(conflicts).toContain(path);
    const settled = await hear(`/port-conflicts resolve ${first} reallocate`);
    expect(settled).toMatch(/^Resolved: .*\n\n`feature-api` now has port \d+\./);
  });

  it('Generate config with allocated port', async () => {
    const { create, first, hear } = await openScene();
    const { path } = await create('feature-api');
    const context = { worktreePath: path };
    expect(await hear('/port-config feature-api', context)).toContain(`\nPORT=${first}\n`);
    expect(await hear('/port-config feature-api --format vite', context)).toContain(`port: ${first}`);
  });

  it('Cleanup stale allocations', async () => {
    const { create, client, first, say, hear } = await openScene();
    const { path } = await create('feature-api');
    await rm(path, { recursive: true });
    for (let misses = 0; misses < 3; misses += 1) await client.scanHost(); // one look after the other
    expect(await hear('/port-list --orphans')).toContain(`| ${first} |`);
    const dryRun = await say('/port-cleanup --dry-run');
    expect(dryRun.message).toMatch(/^Ports would be released: 1\./);
    expect(dryRun).not.toHaveProperty('modified');
    const real = await say('/port-cleanup');
    expect(real).toMatchObject({ success: true, modified: true });
    expect(real.message).toMatch(new RegExp(`^Ports released: 1\\.[\\s\\S]*\\| ${first} \\| feature-api \\|`));
    expect(await hear('/port-list')).toContain('No port is allocated.');
  });

  it('Test with multiple simultaneous worktrees', async () => {
    const { handler, repository, first } = await openScene();
    const branches = Array.from({ length: 8 }, (_, index) => `feature-${index}`);
    const paths: string[] = [];
    for (const branch of branches) paths.push(await repository.add(branch, { branch })); // git locks its repository
    const answers = await Promise.all(
      branches.map((branch, index) => handler.worktreeCreated({ path: paths[index] ?? '', branch })),
    );
    const ports = answers.flatMap((answer) => answer.ports).sort();
    expect(ports).toEqual(branches.map((_, index) => first + index));
  });

  it('Verify production port tracking', async () => {
    const { create, handler, hear, refused } = await openScene();
    const { path } = await create('feature-api');
    const context = { conversationId: 'issue-6', worktreePath: path };
    expect(await hear('/port-register nginx 443 production', context)).toContain('Port 443 is registered for `nginx`.');
    expect(await hear('/port-register nginx 443 prod', context)).toContain('Port 443 is registered already');
    await handler.worktreeRemoved({ path });
    expect(await hear('/port-list --environment prod')).toContain('| 443 | nginx | production |');
    expect(await refused('/port-register web 443 production', { conversationId: 'issue-7' })).toContain(
      'Held by: `nginx` (production) of `issue-6`',
    );
  });
});
