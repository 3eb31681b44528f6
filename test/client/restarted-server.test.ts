import { expect, it } from 'vitest';
import type { AllocationEvent } from '../../src/client/client.ts';
import { embedded } from '../support/databases.ts';
import { spawnServer } from '../support/spawned-server.ts';
import { granted, openClient } from './registry-client.ts';

it('a subscription survives the kill of its server, and goes on with the one that is started on the same port', async () => {
  const { dataDirectory } = await embedded.create();
  const killed = await spawnServer({ dataDirectory });
  const client = openClient({ url: killed.url });
  const after = await client.latestEventCursor();
  const changes = client.allocationChanged({ after });
  granted(await client.allocatePort({ serviceName: 'before' }));
  const before = await changes.next();

  const next = changes.next();
  killed.kill('SIGKILL');
  await killed.exited;
  await expect(client.latestEventCursor()).rejects.toMatchObject({ name: 'RegistryUnreachable', code: 'ECONNREFUSED' });
  await spawnServer({ dataDirectory, port: killed.port });
  granted(await client.allocatePort({ serviceName: 'after' }));

  // The restarted server may register its own port in between.
  const events: AllocationEvent[] = [before, await next].flatMap(({ value }) => value ?? []);
  while (events.at(-1)?.allocation.serviceName !== 'after') {
    events.push(...[await changes.next()].flatMap(({ value }) => value ?? [])); // in order
  }
  expect(events).toEqual(await client.allocationEvents({ after }));
});
