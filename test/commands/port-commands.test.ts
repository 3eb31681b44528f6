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
