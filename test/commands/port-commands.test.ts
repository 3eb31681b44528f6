import { describe, expect, it } from 'vitest';
import { granted } from '../client/registry-client.ts';
import { openChat } from './open-chat.ts';
import { cart, full, occupied, pay } from './scene.ts';

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
    expect(message).toContain('- Liveness: not looked at yet');
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
    const nameless = { cwd: '/src/lost', codebaseId: 'x'.repeat(300) }; // no id
    expect(await hear('/port-allocate lost', nameless)).toContain('Owner: `/src/lost`');
  });

  it('gives the services of a codebase one owner from the first claim on, and the codebase its name later', async () => {
    const { hear, client, handler } = await openChat();
    const from = (conversationId: string) => ({ codebaseId: '4b2c', conversationId });
    expect(await hear('/port-allocate web prod', from('cx1'))).toContain('Port 9000 for `web` is allocated.');
    expect(await hear('/port-allocate web prod', from('cx2'))).toContain('Port 9000 for `web` was allocated before');
    const codebase = { id: '4b2c', name: 'shop', repositoryUrl: 'https://example.com/shop.git', defaultCwd: null };
    await handler.worktreeCreated({ path: '/wt/new', branch: 'new', codebase });
    expect(await client.codebase({ id: '4b2c' })).toMatchObject({
      name: 'shop',
      repositoryUrl: codebase.repositoryUrl,
    });
    expect(await hear('/port-allocate web prod', from('cx1'))).toContain('Port 9000 for `web` was allocated before');
    expect(await client.portAllocation({ port: 8000 })).toMatchObject({ serviceName: 'shop-new' });
    const known = { ...codebase, repositoryUrl: null };
    await handler.worktreeCreated({ path: '/wt/new', branch: 'new', codebase: known });
    expect(await client.codebase({ id: '4b2c' })).toMatchObject({ repositoryUrl: codebase.repositoryUrl });
  });

  it('says why it was not the wanted port, in the environment that was asked for', async () => {
    const { hear, refused, say } = await openChat(cart);
    expect(await hear('/port-allocate foo dev 9050')).toContain(
      'Port 8000 for `foo` is allocated.\n\nNot 9050: It lies outside the dev range 8000-8999.',
    );
    expect(await hear('/port-allocate web3 production 8500')).toContain('outside the production range 9000-9999.');
    const kept = await say('/port-allocate foo dev 8123');
    expect(kept).not.toHaveProperty('modified');
    expect(kept.message).toContain('Port 8000 for `foo` was allocated before, and is yours.\n\nNot 8123: ');
    expect(kept.message).toContain('- Next: `/port-release 8000`, then `/port-allocate foo dev 8123`');
    const message = await refused('/port-allocate foo dev 8123 --force');
    expect(message).toMatch(/^The service "foo" already holds port 8000/);
    expect(message).toContain('- Next: `/port-release 8000` if it is to have another one');
  });

  it('suggests how to start a development server, and no other', async () => {
    const { hear } = await openChat(cart);
    expect(await hear('/port-allocate web')).toContain('`PORT=8000 npm run dev`');
    expect(await hear('/port-allocate web test')).not.toContain('npm run dev');
  });

  it('gives production to the codebase or the conversation, which outlive the worktree', async () => {
    const { hear, handler } = await openChat(cart);
    expect(await hear('/port-allocate api production')).toContain('Owner: `issue-12`');
    await handler.worktreeRemoved({ path: '/wt/cart' });
    expect(await hear('/port-list')).toContain('| 9000 | api | production |');
  });

  it('gives production that a worktree holds back to its conversation alone, when the worktree is removed', async () => {
    const { handler, client } = await openChat();
    const owner = { worktreePath: '/wt/cart', conversationId: 'cx1' };
    granted(await client.registerPort({ serviceName: 'shop', port: 9000, owner }));
    const kept = await handler.worktreeRemoved({ path: '/wt/cart' });
    expect(kept).toMatchObject({ success: true, ports: [] });
    expect(kept.message).toMatch(/No port was released\. Port 9000 .* ask its owner/);
    const answer = await handler.worktreeRemoved({ path: '/wt/cart', conversationId: 'cx1' });
    expect(answer).toMatchObject({ ports: [9000], message: expect.stringContaining('Released Port: 9000') });
  });

  it('says what to do when a range is full', async () => {
    const { hear, refused } = await openChat(cart);
    await hear(`/port-import --environment dev\n${full(8000, 8999)}`);
    const message = await refused('/port-allocate web');
    expect(message).toContain('- Range: 8000-8999, 1000 of 1000 held');
    expect(message).toContain('`/port-cleanup --dry-run` says what is no longer used');
  });
});

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

  it('says that a codebase is unknown, where it is asked for its ports', async () => {
    const { refused, hear } = await openChat({ codebaseId: 'bank' });
    expect(await refused('/port-list --codebase')).toContain('does not know the codebase "bank"');
    await hear('/port-allocate web');
    expect(await hear('/port-list --codebase')).toContain('| 8000 | web |');
  });

  it('stays readable with a thousand ports, and with names that hold markdown', async () => {
    const { hear } = await openChat(cart);
    await hear('/port-allocate "a|b `c` # d"');
    expect(await hear('/port-list')).toContain('| 8000 | a\\|b \\`c\\` # d | dev |');
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

describe('/port-config', () => {
  it('is about the place, in every format', async () => {
    const { hear, refused } = await openChat(cart);
    expect(await refused('/port-config web')).toBe('No service "web" has a port: allocate one first.');
    await hear('/port-allocate web', pay);
    await hear('/port-allocate web');
    expect(await refused('/port-config wep')).toContain('allocate one first. The nearest that has one is "web".');
    expect(await hear('/port-config web')).toContain('\nPORT=8001\n');
    for (const format of ['express', 'vite', 'nextjs', 'compose', 'bash', 'json', 'md']) {
      expect(await hear(`/port-config web --format ${format}`), format).toContain('8001'); // a handful
    }
    const lone = { cwd: '/src/lone' };
    await hear('/port-allocate web', lone);
    expect(await hear('/port-config web', lone)).toContain('\nPORT=8002\n');
  });

  it('is about development where the service has ports for more, unless another environment is asked for', async () => {
    const { hear, refused } = await openChat(cart);
    await hear('/port-allocate portal test');
    expect(await hear('/port-config portal')).toContain('\nPORT=7000\n');
    await hear('/port-allocate portal dev');
    await hear('/port-allocate api dev');
    const development = await hear('/port-config portal');
    expect(development).toContain('\nPORT=8000\n');
    expect(development).toContain('\nAPI_PORT=8001\n');
    expect(development).not.toMatch(/_2_|7000/);
    expect(await hear('/port-config portal --environment test')).toContain('\nPORT=7000\n');
    expect(await refused('/port-config api --environment test')).toContain(
      'The service "api" has no test port, but one for dev',
    );
  });

  it("never hands out another worktree's port, and says where it is and how to get one here", async () => {
    const { hear, refused } = await openChat(cart);
    await hear('/port-allocate web', pay);
    expect(await refused('/port-config web')).toBe(
      'The service "web" has no port here: /wt/pay holds 8000 for its own. Allocate one here first.\n\n- Next: `/port-allocate web`',
    );
    await hear('/port-register web 443', { codebaseId: 'shop' });
    await hear('/port-register web 9001', { codebaseId: 'bank' });
    expect(await hear('/port-config web', { ...cart, codebaseId: 'shop' })).toContain('\nPORT=443\n');
    expect(await refused('/port-config web')).toContain('2 services are called "web"');
  });

  it('refuses a name that several services have, and says which they are', async () => {
    const { hear, refused } = await openChat(cart);
    await hear('/port-allocate web');
    expect(await hear('/port-config web', {})).toContain('\nPORT=8000\n');
    await hear('/port-allocate web', pay);
    await hear('/port-register web 443', { codebaseId: 'shop' });
    expect(await refused('/port-config web', {})).toBe(
      '2 services are called "web": dev port 8000 of /wt/cart; dev port 8001 of /wt/pay. To say which, ask in the worktree, or the codebase, that it is of.',
    );
    await hear('/port-allocate jobs test');
    await hear('/port-allocate jobs production');
    expect(await refused('/port-config jobs', { conversationId: 'issue-12' })).toContain('add --environment');
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
