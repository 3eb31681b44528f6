import { describe, expect, it } from 'vitest';
import { openChat } from './open-chat.ts';
import { cart, pay } from './scene.ts';

describe('/port-check', () => {
  it('says who holds a port and what is free instead', async () => {
    const { hear } = await openChat(cart);
    await hear('/port-allocate web');
    expect(await hear('/port-check 8000', pay)).toMatch(
      /^Port 8000 is not available\.[\s\S]*Held by: `web`[\s\S]*Next: `\/port-allocate <service> dev 8001`/,
    );
    expect(await hear('/port-check 8500')).toMatch(/^Port 8500 is available\./);
    expect(await hear('/port-check 5432')).toContain('reserved');
  });

  it('tells an agent its own port from that of somebody else, and whether its service is up', async () => {
    const { hear } = await openChat(cart);
    await hear('/port-allocate web');
    const own = await hear('/port-check 8000');
    expect(own).toMatch(/^Port 8000 is yours\.\n\nThe dev service "web" of \/wt\/cart/);
    expect(own).toContain('Nobody listens on it: start the service there.');
    expect(own).not.toContain('Next:');
  });

  it('suggests the environment in whose range the port lies', async () => {
    const { hear } = await openChat(cart);
    expect(await hear('/port-check 9050')).toContain('Next: `/port-allocate <service> production 9050`');
    await hear('/port-allocate checks test');
    expect(await hear('/port-check 7000', pay)).toContain('Next: `/port-allocate <service> test 7001`');
  });
});
