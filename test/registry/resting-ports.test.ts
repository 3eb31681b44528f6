import { describe, expect, it } from 'vitest';
import { engines } from '../support/databases.ts';
import { allocate, openRegistry, release } from '../support/registry.ts';

describe.each(engines)('ports at rest on $name', (engine) => {
  it('go back to their former owner, however many services ask at once', async () => {
    const registry = openRegistry(await engine.open());
    const names = (prefix: string) => Array.from({ length: 40 }, (_, index) => `${prefix}-${index}`);
    const first = await Promise.all(names('first').map((name) => allocate(registry, name)));
    await Promise.all(first.map(({ port }) => registry.releasePort(release(port))));

    const second = await Promise.all(names('second').map((name) => allocate(registry, name)));

    const sorted = (allocations: typeof first) => allocations.map(({ port }) => port).sort((a, b) => a - b);
    expect(sorted(second)).toEqual(sorted(first));
  });
});
