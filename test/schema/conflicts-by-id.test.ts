import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { listener } from '../support/registry.ts';
import { openHarbour } from './harbour.ts';

it('conflicts can be asked for by their ids, resolved ones on request, and what is no id is no conflict', async () => {
  const { listeners, registry, ask, post } = await openHarbour(await embedded.open());
  listeners.push(listener(8_100), listener(8_200), listener(8_300));
  const { opened } = await registry.scanHost();
  const [first, second] = opened.map(({ id }) => id);
  listeners.shift();
  await registry.scanHost();

  const list = async (ids: readonly unknown[] | null, includeResolved: boolean) => {
    const query = `query ($ids: [ID!], $includeResolved: Boolean) {
      conflicts(ids: $ids, includeResolved: $includeResolved) { id state } }`;
    return (await ask<{ conflicts: unknown[] }>(query, { ids, includeResolved })).conflicts;
  };
  const open = { id: second, state: 'OPEN' };
  const ids = [first, second, randomUUID(), 'nothing', ''];
  expect(await list(ids, false)).toEqual([open]);
  expect(await list(ids, true)).toEqual([open, { id: first, state: 'RESOLVED' }]);
  expect(await list([second?.toUpperCase()], false)).toEqual([open]);
  expect(await list([], true)).toEqual([]);
  expect(await list(null, true)).toHaveLength(3);

  const { errors } = await post('query ($ids: [ID!]) { conflicts(ids: $ids) { id } }', {
    ids: Array.from({ length: 1_001 }, () => randomUUID()),
  });
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
});
