import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Catalog, configuredPort } from '../../src/domain/catalog.ts';
import { asPort } from '../../src/domain/port.ts';
import type { Codebase } from '../../src/domain/registry-model.ts';
import { codebase, fromNoon } from './seed.ts';

const port = asPort(8001);

describe('a port that codebases configure', () => {
  it('is kept for them, and for nobody else', () => {
    const catalog = new Catalog();
    catalog.put(codebase('shop', { primaryPort: port }));
    catalog.put(codebase('bank', { servicePorts: { api: port } }));
    catalog.put(codebase('inn'));
    const kept = ['shop', 'bank', 'inn', null].map((id) => catalog.isConfiguredElsewhere(port, id));
    expect(kept).toEqual([false, false, true, true]);
    expect(catalog.isConfiguredElsewhere(8002, null)).toBe(false);
  });

  it('is let go when its codebase configures another', () => {
    const catalog = new Catalog();
    catalog.put(codebase('shop', { primaryPort: port, servicePorts: { api: port } }));
    catalog.put(codebase('shop', { primaryPort: asPort(8002) }));
    expect(catalog.isConfiguredElsewhere(port, null)).toBe(false);
    expect(catalog.isConfiguredElsewhere(8002, null)).toBe(true);
  });

  it('is always what the latest version of each codebase says', () => {
    const anyCodebase = fc.record({
      id: fc.constantFrom('shop', 'bank', 'inn'),
      primaryPort: fc.option(fc.integer({ min: 8000, max: 8004 }).map(asPort)),
      servicePorts: fc.dictionary(fc.constantFrom('api', 'web'), fc.integer({ min: 8000, max: 8004 }).map(asPort)),
    });
    fc.assert(
      fc.property(fc.array(anyCodebase, { maxLength: 12 }), fc.constantFrom('shop', 'bank', null), (puts, asking) => {
        const catalog = new Catalog();
        const latest = new Map<string, Codebase>();
        for (const { id, ...facts } of puts) {
          catalog.put(codebase(id, facts));
          latest.set(id, codebase(id, facts));
        }
        for (let candidate = 8000; candidate <= 8005; candidate++) {
          const configuring = [...latest.values()].filter(
            ({ primaryPort, servicePorts }) =>
              primaryPort === candidate || Object.values(servicePorts).some((each) => each === candidate),
          );
          const elsewhere = configuring.length > 0 && !configuring.some(({ id }) => id === asking);
          expect(catalog.isConfiguredElsewhere(candidate, asking)).toBe(elsewhere);
        }
      }),
    );
  });
});

describe('a search of the catalog', () => {
  it.each([[['later', 'first']], [['first', 'later']]])(
    'finds the one registered first, in whatever order they were loaded: %j',
    (order) => {
      const catalog = new Catalog();
      for (const id of order) catalog.put(codebase(id, { name: 'shop', createdAt: fromNoon(id === 'first' ? 0 : 1) }));
      expect(catalog.find(({ name }) => name === 'shop')?.id).toBe('first');
      expect(catalog.find(({ name }) => name === 'bank')).toBeUndefined();
    },
  );
});

describe('the port that a codebase keeps for a service', () => {
  const shop = codebase('1', { name: 'shop', primaryPort: asPort(8000), servicePorts: { api: port } });

  it.each([
    ['api', 8001],
    ['shop', 8000],
    ['web', null],
    ['toString', null],
    ['__proto__', null],
  ])('is for "%s" %s', (serviceName, expected) => {
    expect(configuredPort(shop, serviceName)).toBe(expected);
  });

  it('is the one configured by name, where the service bears the name of the codebase too', () => {
    const both = { ...shop, servicePorts: { shop: asPort(8005) } };
    expect(configuredPort(both, 'shop')).toBe(8005);
  });
});
