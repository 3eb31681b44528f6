import { describe, expect, it } from 'vitest';
import { engines } from '../support/databases.ts';
import { allocate, checkout, granted, listener, openRegistry, seeing, worktree } from '../support/registry.ts';
import { openHarbour } from './harbour.ts';
import { mutate } from './seed.ts';

const fields = `port addresses processId processName command workingDirectory
  worktree { path codebase { id } } allocation { port serviceName worktree { path } } conflicts { kind }`;

const unseen = { processId: null, processName: null, command: null, workingDirectory: null, worktree: null };

describe.each(engines)('listeners on $name', (engine) => {
  it('are told with their process, the worktree that it runs in, who holds the port, and what is wrong with it', async () => {
    const { listeners, registry, ask } = await openHarbour(await engine.open());
    await allocate(registry, 'web', { owner: worktree('/wt/a') });
    granted(await registry.registerWorktree(checkout('/wt/b', { services: [] })));
    listeners.push(
      listener(8_123, null),
      { ...listener(8_000, { workingDirectory: '/wt/b/server' }), addresses: ['127.0.0.1', '::1'] },
      listener(22, { id: 17, name: 'sshd', command: '/usr/sbin/sshd -D', workingDirectory: '/' }),
    );
    await registry.scanHost();
    const { host } = await ask<{ host: unknown }>(`{ host { name scannedAt listeners { ${fields} } } }`);
    expect(host).toEqual({
      name: 'quay',
      scannedAt: '2026-11-22T12:00:00.000Z',
      listeners: [
        {
          port: 22,
          addresses: ['127.0.0.1'],
          processId: 17,
          processName: 'sshd',
          command: '/usr/sbin/sshd -D',
          workingDirectory: '/',
          worktree: null,
          allocation: null,
          conflicts: [],
        },
        {
          port: 8_000,
          addresses: ['127.0.0.1', '::1'],
          processId: 4_711,
          processName: 'node',
          command: 'node server.js',
          workingDirectory: '/wt/b/server',
          worktree: { path: '/wt/b', codebase: null },
          allocation: { port: 8_000, serviceName: 'web', worktree: { path: '/wt/a' } },
          conflicts: [{ kind: 'PORT_SQUATTED' }],
        },
        {
          ...unseen,
          port: 8_123,
          addresses: ['127.0.0.1'],
          allocation: null,
          conflicts: [{ kind: 'UNREGISTERED_LISTENER' }],
        },
      ],
    });

    listeners.splice(0);
    await registry.scanHost();
    expect(await ask('{ host { listeners { port } } }')).toEqual({ host: { listeners: [] } });
  });

  it('are given by pages, each host’s own', async () => {
    const database = await engine.open();
    const { listeners, registry, ask } = await openHarbour(database);
    for (let port = 300; port > 20; port--) listeners.push(listener(port, { id: port }));
    listeners.push(listener(21, { id: 7 }), listener(21, null));
    await registry.scanHost();
    await openRegistry(database, { hostName: 'pier', observer: seeing([listener(443), listener(80)]) }).scanHost();

    const query = `{ hosts { name first: listeners(first: 3) { port processId } next: listeners(first: 2, skip: 3) { port }
      last: listeners(skip: 280) { port } usual: listeners { port } } }`;
    const { hosts } = await ask<{ hosts: Record<string, { port: number }[]>[] }>(query);
    const [pier, quay] = hosts;
    expect(pier).toMatchObject({ first: [{ port: 80 }, { port: 443 }], next: [], last: [] });
    expect(quay).toMatchObject({
      first: [21, 21, 21].map((port, index) => ({ port, processId: [null, 7, 21][index] })),
      next: [{ port: 22 }, { port: 23 }],
      last: [{ port: 299 }, { port: 300 }],
    });
    expect(quay?.usual).toHaveLength(250);
  });

  it('are told of a port that is asked about, or that cannot be had', async () => {
    const harbour = await openHarbour(await engine.open());
    const { listeners, registry, ask } = harbour;
    granted(await registry.registerWorktree(checkout('/wt/b', { services: [] })));
    listeners.push(listener(8_005, { workingDirectory: '/wt/b' }), listener(8_006, null));
    const told = 'listener { port processId worktree { path } allocation { id } }';
    const seen = { port: 8_005, processId: 4_711, worktree: { path: '/wt/b' }, allocation: null };
    const hidden = { port: 8_006, processId: null, worktree: null, allocation: null };
    const check = `{ a: checkPort(port: 8005) { ${told} explanation } b: checkPort(port: 8006) { ${told} } c: checkPort(port: 8007) { ${told} } }`;
    expect(await ask(check)).toEqual({
      a: { listener: seen, explanation: expect.stringContaining('/wt/b') },
      b: { listener: hidden },
      c: { listener: null },
    });
    const refusal = await mutate(
      harbour,
      'allocatePort',
      { serviceName: 'web', exactPort: 8_005 },
      `... on PortUnavailable { ${told} }`,
    );
    expect(refusal).toMatchObject({ __typename: 'PortUnavailable', reasons: ['LISTENING'], listener: seen });
  });
});
