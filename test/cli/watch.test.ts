import { expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { startServer } from '../support/server.ts';
import { type SpawnedServer, spawnCommand, spawnServer } from '../support/spawned-server.ts';

const allocate = `mutation ($service: String!) {
  allocatePort(input: { serviceName: $service, owner: { conversationId: "c" } }) { __typename }
}`;

async function endOfLog({ post }: Pick<SpawnedServer, 'post'>): Promise<string> {
  const { data } = await post<{ latestEventCursor: string }>('{ latestEventCursor }');
  return data.latestEventCursor;
}

it('watch goes on over a restart of the server, and ends well when it is interrupted', {
  timeout: 90_000,
}, async () => {
  const { dataDirectory } = await embedded.create();
  const first = await spawnServer({ dataDirectory });
  const watch = spawnCommand(['watch', '--json', '--url', first.url, '--after', await endOfLog(first)]);
  const told = (service: string) =>
    watch.logged(({ allocation }) => (allocation as { serviceName?: string } | null)?.serviceName === service);

  await first.post(allocate, { service: 'web' });
  expect(await told('web')).toMatchObject({
    type: 'allocation',
    kind: 'ALLOCATED',
    allocation: { serviceName: 'web' },
  });
  first.kill('SIGTERM');
  await first.exited;
  const second = await spawnServer({ dataDirectory, port: first.port });
  await second.post(allocate, { service: 'api' });
  expect(await told('api')).toMatchObject({ type: 'allocation', kind: 'ALLOCATED' });

  watch.kill('SIGINT');
  const { code, stdout, stderr } = await watch.exited;
  expect([code, stderr]).toEqual([0, '']);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const services = events.filter(({ type }) => type === 'allocation').map(({ allocation }) => allocation.serviceName);
  expect(services.filter((name) => ['web', 'api'].includes(name))).toEqual(['web', 'api']);
});

it('watch prints a line an event', async () => {
  const server = await startServer({ database: await embedded.open() });
  const after = await endOfLog(server);
  await server.post(allocate, { service: 'web' });
  const watch = spawnCommand(['watch', '--url', server.url, '--after', after]);
  await watch.printed(/\n/);
  watch.kill('SIGTERM');
  const { code, stdout } = await watch.exited;
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}ALLOCATED {4}8000 web \(dev\) of c\n$/);
});

it('watch ends with 3 where no registry answers', async () => {
  const { code, stderr } = await spawnCommand(['watch', '--url', 'http://127.0.0.1:1']).exited;
  expect(code).toBe(3);
  expect(stderr).toMatch(/^wharfinger: No registry answers at .*\n$/);
});
