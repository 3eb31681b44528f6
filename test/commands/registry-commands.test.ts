import { describe, expect, it } from 'vitest';
import { granted } from '../client/registry-client.ts';
import { createRepository } from '../support/git-repository.ts';
import { openChat } from './open-chat.ts';
import { cart, full, occupied, pay } from './scene.ts';

describe('/port-stats and /port-conflicts', () => {
  it('tell how full the ranges are, and what is to be settled', async () => {
    const { hear, refused, client } = await openChat(cart, occupied());
    await client.scanHost();
    expect(await hear('/port-stats')).toContain('| dev | 8000-8999 | 0 of 1000 | 1000 | 0 % |');
    expect(await hear('/port-stats')).toContain('Open conflicts: 1. Next: `/port-conflicts`');
    const [conflict] = await client.conflicts();
    expect(await hear('/port-conflicts')).toContain(`\`/port-conflicts resolve ${conflict?.id} `);
    expect(await refused('/port-conflicts resolve 8001 adopt')).toContain('No open conflict is "8001"');
    expect(await refused('/port-conflicts resolve 8000 release')).toContain('release does not fit this conflict');
    const beginning = conflict?.id.slice(0, 8);
    expect(await hear(`/port-conflicts resolve ${beginning} dismiss`)).toMatch(/^Resolved: /);
    expect(await hear('/port-conflicts')).toBe('No open conflicts: all is well.');
    expect(await hear('/port-conflicts --all')).toContain('(resolved)');
  });
});

describe('/port-transfer', () => {
  it('hands a port over, by its owner only', async () => {
    const { hear, refused, say } = await openChat(cart);
    await hear('/port-allocate web');
    expect(await refused('/port-transfer 8000 to issue-13', pay)).toContain('Held by: `web`');
    expect(await hear('/port-transfer 8000 to issue-13')).toContain('for the conversation `issue-13`');
    expect(await hear('/port-transfer 8000 --to-worktree /wt/pay')).toContain('Port 8000 now belongs to `/wt/pay`');
    expect(await say('/port-transfer 8000 --to-worktree /wt/pay', pay)).toEqual({
      success: true,
      message: 'Port 8000 belongs already to `/wt/pay`.',
    });
    expect(await hear('/port-release 8000', pay)).toContain('released');
  });

  it('says what does not fit in words of a chat', async () => {
    const { hear, refused } = await openChat(cart);
    await hear('/port-allocate web');
    expect(await refused('/port-transfer 8000 --to-worktree wt/pay')).toMatch(
      /^The worktree's path does not fit\. It is not an absolute path\.\n/,
    );
    const unknown = await refused('/port-transfer 8000 --to-codebase nobody');
    expect(unknown).toContain('nobody');
    expect(unknown).not.toContain('registerCodebase');
    expect(await refused(`/port-allocate ${'x'.repeat(256)}`)).toMatch(/^The service's name does not fit\. /);
    expect(await refused(`/port-config ${'x'.repeat(256)}`)).toMatch(/^The service's name does not fit\. /);
    expect(await refused('/port-import --format json\n{"broken')).toMatch(/^The text does not fit\. /);
  });
});

describe('/port-export and /port-import', () => {
  it.each(['json', 'csv', 'markdown', 'devports', 'port-keeper', 'scar-supervision'])(
    'bring the ports of one registry into another as %s',
    async (format) => {
      const one = await openChat(cart);
      await one.hear('/port-allocate web');
      const file = await one.hear(`/port-export --format ${format}`);
      const other = await openChat(pay);
      const dryRun = await other.say(`/port-import --dry-run\n${file}`);
      expect(dryRun.message).toContain('Created: ');
      expect(dryRun).not.toHaveProperty('modified');
      expect(await other.say(`/port-import\n${file}`)).toMatchObject({ success: true, modified: true });
      expect(await other.hear('/port-list')).toContain('| 8000 | web |');
      expect(await other.hear(`/port-import\n${file}`)).toContain('Created: 0.');
    },
  );

  it('say row by row what cannot be had, and with --atomic import nothing then', async () => {
    const { hear, say } = await openChat(cart);
    await hear('/port-allocate web');
    const answer = await say('/port-import --atomic\n| Port | Service |\n| --- | --- |\n| 8000 | api |\n| 9000 | db |');
    expect(answer.success).toBe(false);
    expect(answer.message).toContain('Created: 1. Unchanged: 0. Conflicts: 1. Invalid: 0.');
    expect(answer.message).toContain('Nothing was changed: not all rows can be had.');
    expect(answer.message).toMatch(/\| 3 \| 8000 \| api \| conflict \| Port 8000 on quay is held/);
  });

  it('take a table without bars around it, and text of any length between fences', async () => {
    const { hear } = await openChat(cart);
    expect(await hear('/port-import\nPort | Service\n--- | ---\n8100 | web')).toContain('Created: 1.');
    const blank = ' '.repeat(200_000);
    expect(await hear(`/port-import\n\`\`\`csv\nport,service\n8200,api\n\`\`\`${blank}`)).toContain('Created: 1.');
    expect(await hear(`/port-import\n\`\`\`${blank}\nport,service\n8201,b\`\`\``)).toContain('Created: 1.');
    expect(await hear(`/port-import\n${'\n'.repeat(200_000)}port,service\n8202,c`)).toContain('Created: 1.');
  });

  it('say what is wrong with a file, and what is too long for a chat', async () => {
    const { hear, refused } = await openChat(cart);
    expect(await refused('/port-import --format json\n{"broken')).toContain('`/port-help import`');
    await hear(`/port-import\n${full(8000, 8999)}`);
    expect(await refused('/port-export')).toContain('`wharfinger export --format json` in a terminal');
  });
});

describe('/port-backfill', () => {
  it('gives ports to the worktrees of the codebase that are there already, after a dry run that says so', async () => {
    const repository = await createRepository();
    const { say, hear, client } = await openChat({ codebaseId: 'shop' });
    granted(await client.registerCodebase({ id: 'shop', name: 'shop', defaultCwd: repository.path }));
    const path = await repository.add('cart', { branch: 'cart' });
    const dryRun = await say('/port-backfill --dry-run');
    expect(dryRun.message).toContain('Worktrees that would be given ports: 2 of 2.');
    expect(dryRun).not.toHaveProperty('modified');
    expect(await hear('/port-list')).toContain('No port is allocated.');
    const real = await say('/port-backfill');
    expect(real).toMatchObject({ success: true, modified: true });
    expect(real.message).toContain(`| ${path} | 8001 | `);
    expect(await hear('/port-list --codebase')).toContain(`| 8001 | shop-cart | dev | unknown | ${path} (cart) |`);
    expect(await say('/port-backfill shop')).not.toHaveProperty('modified');
    const services = Array.from({ length: 12 }, (_, index) => ({ serviceName: `service-${index}` }));
    granted(await client.allocatePorts({ services, owner: { worktreePath: path, codebaseId: 'shop' } }));
    expect(await hear('/port-backfill')).toMatch(/ 8010, and 3 more \| It keeps port 8001 .{250,290}… \|$/m);
  });
});

describe('the functions for agents', () => {
  it('recommend, reserve and configure a port', async () => {
    const { handler, client } = await openChat();
    const { getRecommendedPort, reservePortForService, generatePortConfig } = handler.at(cart);
    expect(await getRecommendedPort('web')).toBe(8000);
    expect(await getRecommendedPort('web', 'TEST')).toBe(7000);
    const reserved = await reservePortForService('web', 8000, { description: 'the shop', team: 'blue' });
    expect(granted(reserved).allocation).toMatchObject({
      port: 8000,
      environment: 'DEV',
      description: 'the shop',
      metadata: { team: 'blue' },
      worktree: { path: '/wt/cart' },
    });
    expect(granted(await reservePortForService('nginx', 443)).allocation).toMatchObject({ environment: 'PRODUCTION' });
    expect(await handler.at(pay).reservePortForService('api', 8000)).toMatchObject({ code: 'PORT_UNAVAILABLE' });
    expect((await generatePortConfig('web', 'VITE')).content).toContain('port: 8000');
    expect((await generatePortConfig('web')).filename).toBe('.env.local');
    expect(await client.portAllocation({ port: 8000 })).toMatchObject({ serviceName: 'web' });
  });

  it('recommend the port that the service holds there', async () => {
    const { handler, hear } = await openChat(cart);
    await hear('/port-allocate web', pay);
    await hear('/port-allocate web');
    await hear('/port-allocate web production', { codebaseId: 'shop' });
    expect(await handler.at(cart).getRecommendedPort('web')).toBe(8001);
    expect(await handler.at(pay).getRecommendedPort('web', 'dev')).toBe(8000);
    expect(await handler.at(pay).getRecommendedPort('other')).toBe(8002);
    expect(await handler.at({ codebaseId: 'shop' }).getRecommendedPort('web', 'production')).toBe(9000);
    expect(await handler.at({}).getRecommendedPort('web', 'production')).toBe(9001);
  });

  it('take the names that commands take, and refuse others in plain words', async () => {
    const { handler, hear } = await openChat(cart);
    const { getRecommendedPort, reservePortForService, generatePortConfig } = handler.at(cart);
    await hear('/port-allocate web');
    expect(await getRecommendedPort('x', 'production')).toBe(9000);
    expect(granted(await reservePortForService('x', 7500, { environment: 'test' })).allocation).toMatchObject({
      environment: 'TEST',
    });
    expect((await generatePortConfig('web', 'docker-compose')).format).toBe('DOCKER_COMPOSE');
    await expect(getRecommendedPort('x', 'staging' as 'dev')).rejects.toThrow(
      '"staging" is no environment: it takes one of dev, test, production.',
    );
    await expect(generatePortConfig('web', 'bogus' as 'vite')).rejects.toThrow('"bogus" is no format: it takes one of');
  });
});

describe('a new worktree', () => {
  it('brings its codebase with it, and does without one that cannot be registered', async () => {
    const { handler, client } = await openChat();
    const codebase = { id: 'c1', name: 'shop', repositoryUrl: 'https://example.com/shop.git' };
    await handler.worktreeCreated({ path: '/wt/cart', branch: 'cart', codebase });
    expect(await client.portAllocation({ port: 8000 })).toMatchObject({
      serviceName: 'shop-cart',
      codebase: { id: 'c1', name: 'shop' },
    });
    const same = { ...codebase, id: 'c2' }; // the URL is another's
    expect(await handler.worktreeCreated({ path: '/wt/pay', branch: 'pay', codebase: same })).toMatchObject({
      ports: [8001],
    });
    expect(await client.portAllocation({ port: 8001 })).toMatchObject({ serviceName: 'shop-pay' });
    const again = await handler.worktreeCreated({ path: '/wt/cart', branch: 'cart', codebase });
    expect(again.ports).toEqual([8000]);
  });

  it('says why it has no port', async () => {
    const { handler } = await openChat();
    const { message } = await handler.worktreeCreated({ path: 'not/absolute', branch: 'a' });
    expect(message).toMatch(/No port was allocated\. .*absolute/);
    const nothing: { path: string; branch: string } = JSON.parse('{}');
    expect((await handler.worktreeCreated(nothing)).message).toBe(
      'Worktree created!\n\nBranch: (none)\nPath: (none)\n\nNo port was allocated. It takes the absolute path of the worktree.',
    );
  });
});
