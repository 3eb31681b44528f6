import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createObserver } from '../../src/observer/observer.ts';
import { probePort } from '../../src/observer/probe.ts';
import { granted } from '../client/registry-client.ts';
import { startDevServer } from '../support/dev-server.ts';
import { freeSpace } from '../support/free-space.ts';
import { createRepository } from '../support/git-repository.ts';
import { policy } from '../support/registry.ts';
import { openChat } from './open-chat.ts';

/** The scenarios that a plan for SCAR tells, step for step. Its 8124 and 8001 are ports that are free on this machine. */
async function openScene() {
  const dev = await freeSpace();
  const ranges = { ...policy().ranges, dev };
  const options = { policy: policy({ ranges }), probePort, observer: createObserver() };
  const repository = await createRepository();
  const chat = await openChat({}, options);
  granted(await chat.client.registerCodebase({ id: 'shop', name: 'shop', defaultCwd: repository.path }));
  const codebase = { id: 'shop', name: 'shop' };
  /** `/worktree create`, as SCAR does it. */
  const create = async (branch: string, conversationId = 'issue-6') => {
    const path = await repository.add(branch, { branch });
    const answer = await chat.handler.worktreeCreated({ path, shortPath: branch, branch, codebase, conversationId });
    const context = { conversationId, codebaseId: 'shop', worktreePath: path, cwd: path };
    return { path, context, ...answer };
  };
  return { ...chat, create, first: Number(dev.start) };
}

describe('Scenario 1: Creating New Service in Worktree', () => {
  it('"Create a worktree for the API feature and set up a dev server"', async () => {
    const { create, first, client, hear } = await openScene();
    // 1. `/worktree create feature-api` → Port 8124 allocated
    const { message, path, context } = await create('feature-api');
    expect(message).toBe(
      `Worktree created!\n\nBranch: feature-api\nPath: feature-api\nAllocated Port: ${first}\n\nUse: PORT=${first} npm run dev`,
    );
    expect(await client.portAllocation({ port: first })).toMatchObject({
      serviceName: 'shop-feature-api',
      description: 'Development server for feature-api',
      environment: 'DEV',
      conversationId: 'issue-6',
      worktree: { path: await realpath(path), branch: 'feature-api' },
    });
    // 2. Check package.json for dev script: the agent's own affair.
    // 3. Create `.env.local` with `PORT=8124`
    const { content, filename } = await chatConfig(hear, context);
    expect(filename).toBe('.env.local');
    await mkdir(path, { recursive: true });
    await writeFile(join(path, filename), content);
    expect(parseEnv(await readFile(join(path, '.env.local'), 'utf8'))).toMatchObject({ PORT: String(first) });
    // 4. Suggest: `PORT=8124 npm run dev`
    expect(message).toContain(`PORT=${first} npm run dev`);
  });
});

async function chatConfig(hear: (text: string, context: object) => Promise<string>, context: object) {
  const message = await hear('/port-config shop-feature-api', context);
  const [, filename = '', content = ''] = /^For `([^`]+)`:\n\n```dotenv\n([\s\S]*)```$/.exec(message) ?? [];
  return { filename, content };
}

describe('Scenario 2: Port Conflict Resolution', () => {
  it(`"The dev server won't start, says port is in use"`, async () => {
    const { create, first, hear, client } = await openScene();
    const { context } = await create('feature-api');
    const other = await createRepository();
    const squatter = await startDevServer({ cwd: other.path, port: first });
    await client.scanHost();
    // 1. `/port-list --worktree` → Check current allocations
    expect(await hear('/port-list --worktree', context)).toContain(`| ${first} | shop-feature-api | dev |`);
    // 2. Run `lsof -i :8124` to detect process
    const checked = await hear(`/port-check ${first}`, context);
    expect(checked).toContain(`If that is not your service, release ${first} and allocate again`);
    expect(checked).toContain(`(process ${squatter.pid}) in \`${other.path}\``);
    // 3. Suggest killing process or reallocating:
    //    `/port-release 8124`
    expect(await hear(`/port-release ${first}`, context)).toContain(`Port ${first} is released.`);
    //    `/port-allocate api-server dev`
    expect(await hear('/port-allocate api-server dev', context)).toContain(
      `Port ${first + 1} for \`api-server\` is allocated.`,
    );
  });
});

describe('Scenario 3: Multi-Service Architecture', () => {
  it('"Set up ports for API, frontend, and worker services"', async () => {
    const { first, hear } = await openScene();
    const repository = await createRepository();
    const context = { conversationId: 'issue-6', worktreePath: repository.path };
    // 1. to 3.
    const allocated = (service: string, port: number) => `Port ${port} for \`${service}\` is allocated.`;
    expect(await hear('/port-allocate api-server dev', context)).toContain(allocated('api-server', first));
    expect(await hear('/port-allocate frontend dev', context)).toContain(allocated('frontend', first + 1));
    expect(await hear('/port-allocate worker dev', context)).toContain(allocated('worker', first + 2));
    // 4. Generate `docker-compose.yml` with allocated ports
    const compose = await hear('/port-config api-server --format docker-compose', context);
    for (const port of [first, first + 1, first + 2]) expect(compose).toContain(`:-${port}}`);
    // 5. Create `.env` file with all port mappings
    const [, env = ''] = /```dotenv\n([\s\S]*)```/.exec(await hear('/port-config api-server', context)) ?? [];
    expect(parseEnv(env)).toMatchObject({
      PORT: String(first),
      FRONTEND_PORT: String(first + 1),
      WORKER_PORT: String(first + 2),
    });
  });
});

describe('Scenario 4: Production Port Documentation', () => {
  it('"What ports are used in production?"', async () => {
    const { client, hear } = await openScene();
    const servicePorts = [
      { service: 'api', port: 9000 },
      { service: 'web', port: 9001 },
      { service: 'worker', port: 9002 },
    ];
    granted(await client.registerCodebase({ id: 'shop', name: 'shop', portConfig: { servicePorts } }));
    await hear('/port-register api 9000 production', { codebaseId: 'shop' });
    await hear('/port-register nginx 443 production');
    // 1. `/port-list --environment production`
    const message = await hear('/port-list --environment production');
    // 3. Generate markdown table of production services
    expect(message).toContain('| Port | Service | Environment | State | Owner |');
    expect(message).toContain('| 443 | nginx | production | unknown | nobody |');
    expect(message).toContain('| 9000 | api | production | unknown | shop |');
    // 2. Query codebase `port_config` metadata
    expect(message).toContain('| 9001 | web | shop |\n| 9002 | worker | shop |');
    expect(message).not.toContain('| 9000 | api | shop |');
    // 4. Suggest gaps in port range for new services
    expect(message).toMatch(/Range 9000-9999: 1 of 1000 held\. Free for new services: 9\d\d\d, /);
  });
});
