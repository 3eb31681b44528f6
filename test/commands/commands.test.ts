import { describe, expect, it } from 'vitest';
import { granted } from '../client/registry-client.ts';
import { listener, listeningOn, seeing } from '../support/registry.ts';
import { openChat } from './open-chat.ts';

const cart = { conversationId: 'issue-12', worktreePath: '/wt/cart', cwd: '/wt/cart' };
const pay = { conversationId: 'issue-13', worktreePath: '/wt/pay', cwd: '/wt/pay' };

/** A host on whose port 8000 a server of another worktree listens. */
const occupied = () => ({
  observer: seeing([listener(8000, { workingDirectory: '/wt/pay' })]),
  probePort: listeningOn(new Set([8000])),
});

describe('/port-allocate', () => {
  it('gives a port, and another one where the wanted one cannot be had, with the reason', async () => {
    const { hear } = await openChat(cart);
    expect(await hear('/port-allocate web')).toBe(
      'Port 8000 for `web` is allocated.\n\n- Environment: dev\n- Owner: `/wt/cart`\n- URL: http://localhost:8000\n- Use: `PORT=8000 npm run dev`',
    );
    const second = await hear('/port-allocate web dev 8000', pay);
    expect(second).toContain('Port 8001 for `web` is allocated.');
    expect(second).toMatch(/Not 8000: Port 8000 on quay is held by the dev service "web" of worktree \/wt\/cart/);
    expect(await hear('/port-allocate api test')).toContain('Port 7000');
    expect(await hear('/port-allocate mail 8100')).toContain('Port 8100');
  });

  it('refuses a forced port with its holder, whether that is up, what is free, and the next step', async () => {
    const { hear, refused } = await openChat(cart);
    await hear('/port-allocate web');
    const message = await refused('/port-allocate api dev 8000 --force', pay);
    expect(message).toMatch(/- Held by: `web` \(dev\) of `\/wt\/cart` since 20/);
    expect(message).toContain('- Liveness: unknown');
    expect(message).toContain('- Free instead: 8001, 8002, 8003');
    expect(message).toContain('This is not a bug in your code');
    expect(message).toContain('- Next: `/port-allocate api dev 8001`');
  });

  it('passes over a port on which something listens, unless forced', async () => {
    const { hear } = await openChat(cart, occupied());
    const message = await hear('/port-allocate web dev 8000');
    expect(message).toContain('Port 8001');
    expect(message).toContain('node (process 4711)');
    const forced = await hear('/port-allocate api dev 8000 --force');
    expect(forced).toContain('Port 8000 for `api` is allocated.');
    expect(forced).toContain('Warning: ');
  });

  it('works with a codebase that the registry does not know, or knows as the worktree of another', async () => {
    const { hear, client } = await openChat();
    const unknown = { ...cart, codebaseId: '4b2c' };
    expect(await hear('/port-allocate web', unknown)).toContain('Port 8000 for `web` is allocated.');
    expect(await hear('/port-allocate web', unknown)).toContain('was allocated before');
    granted(await client.registerCodebase({ id: 'shop', name: 'shop' }));
    granted(await client.registerCodebase({ id: 'bank', name: 'bank' }));
    granted(await client.registerWorktree({ path: '/wt/pay', codebaseId: 'shop' }));
    expect(await hear('/port-allocate api', { ...pay, codebaseId: 'bank' })).toContain('for `api` is allocated.');
    expect(await hear('/port-allocate web prod', { codebaseId: '4b2c' })).toContain('Owner: `nobody`');
    const lost = { codebaseId: '4b2c', cwd: '/src/lost' };
    expect(await hear('/port-allocate lost', lost)).toContain('Owner: `/src/lost`');
    const [port] = /\d{4}/.exec(await hear('/port-allocate lost', lost)) ?? [];
    expect(await hear(`/port-release ${port}`, lost)).toContain('is released');
    const alone = (worktreePath: string) => ({ codebaseId: '4b2c', worktreePath });
    expect(await hear('/port-allocate shop prod', alone('/wt/cart'))).toContain('Port 9001');
    expect(await hear('/port-allocate shop prod', alone('/wt/pay'))).toContain('Port 9002');
    expect(await hear('/port-register nginx 443', alone('/wt/pay'))).toContain('Owner: `nobody`');
  });

  it('gives production to the codebase or the conversation, which outlive the worktree', async () => {
    const { hear, handler } = await openChat(cart);
    expect(await hear('/port-allocate api production')).toContain('Owner: `issue-12`');
    await handler.worktreeRemoved({ path: '/wt/cart' });
    expect(await hear('/port-list')).toContain('| 9000 | api | production |');
  });

  it('says what to do when a range is full', async () => {
    const { hear, refused } = await openChat(cart);
    await hear(`/port-import --environment dev\n${full(8000, 8999)}`);
    const message = await refused('/port-allocate web');
    expect(message).toContain('- Range: 8000-8999, 1000 of 1000 held');
    expect(message).toContain('`/port-cleanup --dry-run` says what is no longer used');
  });
});

const full = (start: number, end: number) =>
  ['port,service', ...Array.from({ length: end - start + 1 }, (_, index) => `${start + index},s${index}`)].join('\n');

describe('/port-list', () => {
  it('shows all, or those of the worktree, the codebase or the environment', async () => {
    const { hear, client } = await openChat(cart);
    granted(await client.registerCodebase({ id: 'shop', name: 'shop' }));
    await hear('/port-allocate web');
    await hear('/port-allocate api', { ...pay, codebaseId: 'shop' });
    await hear('/port-allocate db production', { codebaseId: 'shop' });
    const portsOf = async (text: string, context?: object) =>
      [...(await hear(text, context)).matchAll(/^\| (\d+) /gm)].map(([, port]) => Number(port));
    expect(await portsOf('/port-list')).toEqual([8000, 8001, 9000]);
    expect(await portsOf('/port-list --worktree')).toEqual([8000]);
    expect(await portsOf('/port-list --codebase', { codebaseId: 'shop' })).toEqual([8001, 9000]);
    expect(await portsOf('/port-list --codebase --environment=dev', { codebaseId: 'shop' })).toEqual([8001]);
    expect(await portsOf('/port-list --orphans')).toEqual([]);
    await hear('/port-release 8000');
    expect(await portsOf('/port-list')).toEqual([8001, 9000]);
    expect(await portsOf('/port-list --all')).toEqual([8000, 8001, 9000]);
  });

  it('stays readable with a thousand ports, and with names that hold markdown', async () => {
    const { hear } = await openChat(cart);
    await hear('/port-allocate "a|b `c` # d"');
    expect(await hear('/port-list')).toContain('| 8000 | a\\|b `c` # d | dev |');
    await hear(`/port-import\n${full(8001, 8999)}`);
    const message = await hear('/port-list');
    expect(message).toContain('… and 950 more');
    expect(message.length).toBeLessThan(8_000);
  });
});

describe('/port-release', () => {
  it("refuses somebody else's port, with the holder, unless forced", async () => {
    const { hear, refused, say } = await openChat(cart);
    await hear('/port-allocate web');
    const message = await refused('/port-release 8000', pay);
    expect(message).toContain('- Held by: `web` (dev) of `/wt/cart`');
    expect(message).toContain('- Next: `/port-release 8000 --force` if its owner agrees');
    expect(await say('/port-release 8000 --force', pay)).toEqual({
      success: true,
      message: 'Port 8000 is released. It was `web` of `/wt/cart`.',
      modified: true,
    });
    expect(await refused('/port-release 8000')).toContain('Nobody holds port 8000');
  });
});

describe('/port-check', () => {
  it('says who holds a port and what is free instead', async () => {
    const { hear } = await openChat(cart);
    await hear('/port-allocate web');
    expect(await hear('/port-check 8000')).toMatch(
      /^Port 8000 is not available\.[\s\S]*Held by: `web`[\s\S]*Next: `\/port-allocate <service> dev 8001`/,
    );
    expect(await hear('/port-check 8500')).toMatch(/^Port 8500 is available\./);
    expect(await hear('/port-check 5432')).toContain('reserved');
  });
});

describe('/port-config', () => {
  it('is about the place, and else about the service wherever it is', async () => {
    const { hear, refused } = await openChat(cart);
    expect(await refused('/port-config web')).toBe('No service "web" has a port: allocate one first.');
    await hear('/port-allocate web', pay);
    expect(await hear('/port-config web')).toContain('\nPORT=8000\n');
    await hear('/port-allocate web');
    expect(await refused('/port-config wep')).toContain('allocate one first. The nearest that has one is "web".');
    expect(await hear('/port-config web')).toContain('\nPORT=8001\n');
    expect(await hear('/port-config web', {})).toMatch(/PORT=800[01]/);
    for (const format of ['express', 'vite', 'nextjs', 'compose', 'bash', 'json', 'md']) {
      expect(await hear(`/port-config web --format ${format}`), format).toContain('8001'); // a handful
    }
  });
});

describe('/port-register', () => {
  it('records a production port, and refuses one of another range or owner', async () => {
    const { hear, refused } = await openChat({ codebaseId: 'shop' });
    expect(await hear('/port-register nginx 443')).toContain('Port 443 is registered for `nginx`.');
    expect(await refused('/port-register api 8100 production')).toContain('dev');
    expect(await hear('/port-register api 8100 production --force')).toContain('Environment: production');
  });
});

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
    const { hear, refused } = await openChat(cart);
    await hear('/port-allocate web');
    expect(await refused('/port-transfer 8000 to issue-13', pay)).toContain('Held by: `web`');
    expect(await hear('/port-transfer 8000 to issue-13')).toContain('for the conversation `issue-13`');
    expect(await hear('/port-transfer 8000 --to-worktree /wt/pay')).toContain('Port 8000 now belongs to `/wt/pay`');
    expect(await hear('/port-release 8000', pay)).toContain('released');
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

  it('say what is wrong with a file, and what is too long for a chat', async () => {
    const { hear, refused } = await openChat(cart);
    expect(await refused('/port-import --format json\n{"broken')).toContain('`/port-help import`');
    await hear(`/port-import\n${full(8000, 8999)}`);
    expect(await refused('/port-export')).toContain('`wharfinger export --format json` in a terminal');
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
  });
});
