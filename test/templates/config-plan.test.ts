import { describe, expect, it } from 'vitest';
import { planConfig } from '../../src/templates/config-plan.ts';
import { service } from './services.ts';

const names = (...serviceNames: string[]) =>
  planConfig(
    serviceNames.map((name, index) => service(name, 8000 + index)),
    null,
  );

describe('what services are called', () => {
  it.each([
    ['web', 'WEB', 'web'],
    ['web-server', 'WEB_SERVER', 'web-server'],
    ['Web Server v2.1', 'WEB_SERVER_V2_1', 'web-server-v2-1'],
    ['@shop/web', 'SHOP_WEB', 'shop-web'],
    ['__web__', 'WEB', 'web'],
    ['3d', '_3D', '3d'],
    ['日本', 'SERVICE', 'service'],
    ['"; rm -rf ~', 'RM_RF', 'rm-rf'],
    ['ß', 'SS', 'service'],
    [`${'a'.repeat(62)}-b`, 'A'.repeat(62), `${'a'.repeat(62)}-b`],
  ])('%s is %s in a variable and %s in a path', (serviceName, variable, slug) => {
    expect(names(serviceName).services).toMatchObject([{ variable, slug }]);
  });

  it('is distinct, whatever else they are called', () => {
    const { services } = names('web', 'web!', 'web?', 'web-2', 'WEB');
    const variables = services.map(({ serviceName, variable }) => [serviceName, variable]);
    expect(variables).toEqual([
      ['WEB', 'WEB'],
      ['web', 'WEB_3'],
      ['web!', 'WEB_4'],
      ['web-2', 'WEB_2'],
      ['web?', 'WEB_5'],
    ]);
    expect(new Set(services.map(({ slug }) => slug)).size).toBe(5);
  });

  it('does not hang on what a database finds first', () => {
    const found = [service('b', 8001), service('a', 8003), service('a', 8002), service('a', 8002, { host: 'mole' })];
    const order = planConfig(found, null).services.map(({ serviceName, port, host }) => [serviceName, port, host]);
    expect(order).toEqual([
      ['a', 8002, 'mole'],
      ['a', 8002, 'quay'],
      ['a', 8003, 'quay'],
      ['b', 8001, 'quay'],
    ]);
    expect(planConfig(found.toReversed(), null)).toEqual(planConfig(found, null));
  });
});

describe('the main service', () => {
  const shop = service('shop', 8000, { isPrimary: true });
  const [web, api] = [service('web', 8001), service('api', 8002)];

  it.each([
    ['the only one', [web], null, 8001],
    ['the primary one', [web, shop, api], null, 8000],
    ['the one that is asked for', [web, shop, api], 'api', 8002],
    ['none of several', [web, api], null, undefined],
    ['none where two are primary', [shop, { ...web, isPrimary: true }], null, undefined],
  ])('is %s', (_which, services, wanted, port) => {
    expect(planConfig(services, wanted).main?.port).toBe(port);
  });

  it('is refused by a name that none has, with the nearest ones', () => {
    expect(() => planConfig([web, shop, api], 'wbe')).toThrow(
      'service: None of the allocations that match is for a service "wbe". The nearest are: "web", "api", "shop".',
    );
  });

  it('is refused by a name that two have, with what tells them apart', () => {
    const other = service('web', 8005, { worktreePath: '/wt/cart' });
    expect(() => planConfig([web, other], 'web')).toThrow(
      'service: 2 of the allocations that match are for a service "web": dev port 8001 of worktree /wt/shop on quay; dev port 8005 of worktree /wt/cart on quay. Add worktreePath to where.',
    );
  });
});
