import { describe, expect, it } from 'vitest';
import { DetectionFailed } from '../../src/observer/detection-failed.ts';
import { embedded, engines } from '../support/databases.ts';
import {
  allocate,
  checkout,
  claims,
  granted,
  listener,
  policy,
  repository,
  seeing,
  service,
  span,
  worktree,
} from '../support/registry.ts';
import { openHarbour } from './harbour.ts';
import { mutate } from './seed.ts';

const warnings = 'warnings { kind state port host { name } listener { processName } }';
const b = { worktreePath: '/wt/b' };

describe.each(engines)('warnings on $name', (engine) => {
  it('tell of a port that was taken by force while something listens', async () => {
    const harbour = await openHarbour(await engine.open());
    harbour.listeners.push(listener(8_005, { name: 'python3' }), listener(8_006, null));
    const input = { serviceName: 'web', exactPort: 8_005, force: true };
    const forced = { kind: 'ALLOCATED_WHILE_LISTENING', state: 'OPEN', host: { name: 'quay' } };
    expect(
      await mutate(harbour, 'allocatePort', input, `... on AllocatePortSuccess { allocation { port } ${warnings} }`),
    ).toMatchObject({
      allocation: { port: 8_005 },
      warnings: [{ ...forced, port: 8_005, listener: { processName: 'python3' } }],
    });
    const services = [{ serviceName: 'api', exactPort: 8_006 }, { serviceName: 'db' }];
    expect(
      await mutate(harbour, 'allocatePorts', { services, force: true }, `... on AllocatePortsSuccess { ${warnings} }`),
    ).toMatchObject({ warnings: [{ ...forced, port: 8_006, listener: { processName: null } }] });
    const calm = { serviceName: 'calm' };
    expect(await mutate(harbour, 'allocatePort', calm, `... on AllocatePortSuccess { ${warnings} }`)).toMatchObject({
      warnings: [],
    });
  });

  it('tell of a range that is nearly full, of the host and environment of the claim alone', async () => {
    const ranges = { ...policy().ranges, dev: span(8_000, 8_009) };
    const harbour = await openHarbour(await engine.open(), { policy: policy({ ranges }) });
    const services = Array.from({ length: 8 }, (_, index) => service(`s${index}`));
    granted(await harbour.registry.allocatePorts(claims(services)));
    const full = {
      warnings: [{ kind: 'RANGE_NEARLY_EXHAUSTED', state: 'OPEN', port: null, host: { name: 'quay' }, listener: null }],
    };
    const path = '/wt/a';
    expect(
      await mutate(harbour, 'registerWorktree', { path }, `... on RegisterWorktreeSuccess { ${warnings} }`),
    ).toMatchObject(full);
    const again = { serviceName: 's0' };
    expect(await mutate(harbour, 'allocatePort', again, `... on AllocatePortSuccess { ${warnings} }`)).toMatchObject(
      full,
    );
    for (const elsewhere of [{ host: 'pier' }, { environment: 'TEST' }]) {
      const answer = await mutate(
        harbour,
        'allocatePort',
        { ...again, ...elsewhere },
        `... on AllocatePortSuccess { ${warnings} }`,
      ); // one after the other
      expect(answer).toMatchObject({ __typename: 'AllocatePortSuccess', warnings: [] });
    }
  });

  it('tell of a codebase’s ports that somebody holds or configures', async () => {
    const harbour = await openHarbour(await engine.open());
    const { registry } = harbour;
    await allocate(registry, 'web', { exactPort: 8_100 });
    granted(await registry.registerCodebase(repository('blog', { id: 'blog', primaryPort: 8_200 })));
    const ports = (primaryPort: number, other: number) => ({
      name: 'shop',
      id: 'shop',
      portConfig: { primaryPort, servicePorts: [{ service: 'api', port: other }] },
    });
    const success = `... on RegisterCodebaseSuccess { created ${warnings} }`;
    const { warnings: two } = await mutate(harbour, 'registerCodebase', ports(8_100, 8_200), success);
    expect(two).toHaveLength(2);
    expect(two).toEqual(
      expect.arrayContaining(
        [8_100, 8_200].map((port) => expect.objectContaining({ kind: 'PORT_CONFIG_COLLISION', port })),
      ),
    );
    expect(await mutate(harbour, 'registerCodebase', ports(8_300, 8_301), success)).toMatchObject({ warnings: [] });
    expect(await mutate(harbour, 'registerCodebase', { name: 'plain' }, success)).toMatchObject({ warnings: [] });
  });

  it('tell of what still listens on a port that was released, as soon as it is', async () => {
    const harbour = await openHarbour(await engine.open());
    const { listeners, registry } = harbour;
    await allocate(registry, 'web', { owner: worktree('/wt/a') });
    granted(await registry.registerWorktree(checkout('/wt/b', { services: [service('api'), service('idle')] })));
    listeners.push(listener(8_000, { workingDirectory: '/wt/a' }), listener(8_001, { workingDirectory: '/wt/b' }));
    await registry.scanHost();
    const stays = (port: number) => ({
      kind: 'UNREGISTERED_LISTENER',
      state: 'OPEN',
      port,
      host: { name: 'quay' },
      listener: { processName: 'node' },
    });
    const released = { port: 8_000, owner: { worktreePath: '/wt/a' } };
    expect(
      await mutate(harbour, 'releasePort', released, `... on ReleasePortSuccess { allocation { status } ${warnings} }`),
    ).toEqual({ __typename: 'ReleasePortSuccess', allocation: { status: 'RELEASED' }, warnings: [stays(8_000)] });
    const removed = `... on RemoveWorktreeSuccess { released { port } ${warnings} }`;
    expect(await mutate(harbour, 'removeWorktree', { path: '/wt/b' }, removed)).toEqual({
      __typename: 'RemoveWorktreeSuccess',
      released: [{ port: 8_001 }, { port: 8_002 }],
      warnings: [stays(8_001)],
    });
  });
});

describe('a release', () => {
  it('looks at the host only where something may listen on the port, and on no other host', async () => {
    let looks = 0;
    const listeners = [listener(8_000, { workingDirectory: '/wt/b' })];
    const seen = seeing(listeners);
    const observer: typeof seen = {
      ...seen,
      listeners: (ports) => {
        if (!ports) looks += 1;
        return seen.listeners(ports);
      },
    };
    const harbour = await openHarbour(await embedded.open(), { observer });
    const { registry } = harbour;
    await allocate(registry, 'web', { owner: worktree('/wt/b') });
    await allocate(registry, 'idle', { owner: worktree('/wt/b') });
    await allocate(registry, 'far', { host: 'pier', owner: worktree('/wt/b') });
    await registry.scanHost();
    expect(looks).toBe(1);
    await mutate(harbour, 'releasePort', { port: 8_000, owner: { worktreePath: '/wt/a' } }); // refused
    await mutate(harbour, 'releasePort', { port: 8_001, owner: b });
    await mutate(harbour, 'releasePort', { port: 8_000, host: 'pier', owner: b });
    expect(looks).toBe(1);
    await mutate(harbour, 'releasePort', { port: 8_000, owner: b });
    expect(looks).toBe(2);
  });

  it('stands where the host cannot be looked at', async () => {
    const listeners = [listener(8_000)];
    let isBlind = false;
    const seen = seeing(listeners);
    const observer: typeof seen = {
      ...seen,
      listeners: (ports) => (isBlind ? Promise.reject(new DetectionFailed('It is dark.')) : seen.listeners(ports)),
    };
    const harbour = await openHarbour(await embedded.open(), { observer });
    await allocate(harbour.registry, 'web');
    await harbour.registry.scanHost();
    isBlind = true;
    const success = `... on ReleasePortSuccess { allocation { status } ${warnings} }`;
    expect(await mutate(harbour, 'releasePort', { port: 8_000 }, success)).toEqual({
      __typename: 'ReleasePortSuccess',
      allocation: { status: 'RELEASED' },
      warnings: [],
    });
  });
});
