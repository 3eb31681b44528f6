import { describe, expect, it } from 'vitest';
import { embedded, engines } from '../support/databases.ts';
import { allocate, checkout, granted, listener, openRegistry, seeing, worktree } from '../support/registry.ts';
import { openHarbour } from './harbour.ts';

const fields = `kind state port host { name } allocation { port liveness lastCheckedAt host { name } worktree { path } codebase { name } }
  listener { processId worktree { path } allocation { serviceName } } worktree { path }`;

interface Delivery {
  readonly data: { readonly conflictWarning: Record<string, unknown> };
}

/** The next warnings of a subscription. */
async function next(warnings: AsyncIterator<unknown>, count: number): Promise<Record<string, unknown>[]> {
  const told: Record<string, unknown>[] = [];
  while (told.length < count) {
    const { value } = await warnings.next(); // in order
    told.push((value as Delivery).data.conflictWarning);
  }
  return told;
}

describe.each(engines)('conflictWarning on $name', (engine) => {
  it('tells the open conflicts first, then what opens and resolves, with whom it is about', async () => {
    const harbour = await openHarbour(await engine.open());
    const { listeners, registry } = harbour;
    await allocate(registry, 'web', { owner: worktree('/wt/a') });
    granted(await registry.registerWorktree(checkout('/wt/b', { services: [] })));
    listeners.push(listener(8_123, null));
    await registry.scanHost();
    const warnings = harbour.overWebsocket(`subscription { conflictWarning { ${fields} } }`);
    const quay = { name: 'quay' };
    const unregistered = { kind: 'UNREGISTERED_LISTENER', port: 8_123, host: quay, allocation: null, worktree: null };
    const unseen = { processId: null, worktree: null, allocation: null };
    expect(await next(warnings, 1)).toEqual([{ ...unregistered, state: 'OPEN', listener: unseen }]);

    listeners.push(listener(8_000, { workingDirectory: '/wt/b' }));
    await registry.scanHost();
    const held = {
      port: 8_000,
      liveness: 'SQUATTED',
      lastCheckedAt: '2026-11-22T12:00:00.000Z',
      host: quay,
      worktree: { path: '/wt/a' },
      codebase: null,
    };
    const squatted = {
      kind: 'PORT_SQUATTED',
      port: 8_000,
      host: quay,
      listener: { processId: 4_711, worktree: { path: '/wt/b' }, allocation: { serviceName: 'web' } },
      worktree: { path: '/wt/a' },
    };
    expect(await next(warnings, 1)).toEqual([{ ...squatted, state: 'OPEN', allocation: held }]);

    listeners.splice(0);
    await registry.scanHost();
    const gone = await next(warnings, 2);
    expect(gone).toHaveLength(2);
    expect(gone).toEqual(
      expect.arrayContaining([
        { ...unregistered, state: 'RESOLVED', listener: unseen },
        { ...squatted, state: 'RESOLVED', allocation: { ...held, liveness: 'IDLE' } },
      ]),
    );
    await warnings.return?.();
  });

  it('tells those of a host and of the kinds that are wanted, of all hosts otherwise', async () => {
    const database = await engine.open();
    const harbour = await openHarbour(database);
    const { registry, listeners } = harbour;
    const subscribe = (args: string) =>
      harbour.overEventStream(`subscription { conflictWarning${args} { kind port host { name } } }`);
    const [all, pier, squatted] = ['', '(host: "pier")', '(kinds: [PORT_SQUATTED])'].map(subscribe);
    await allocate(registry, 'web', { owner: worktree('/wt/a') });
    granted(await registry.registerWorktree(checkout('/wt/b', { services: [] })));
    listeners.push(listener(8_500));
    await registry.scanHost();
    await openRegistry(database, { hostName: 'pier', observer: seeing([listener(8_600)]) }).scanHost();
    listeners.push(listener(8_000, { workingDirectory: '/wt/b' }));
    await registry.scanHost();

    const first = { kind: 'UNREGISTERED_LISTENER', port: 8_500, host: { name: 'quay' } };
    const second = { kind: 'UNREGISTERED_LISTENER', port: 8_600, host: { name: 'pier' } };
    const third = { kind: 'PORT_SQUATTED', port: 8_000, host: { name: 'quay' } };
    const told = [all, pier, squatted].map((each, index) =>
      each ? next(each, index === 0 ? 3 : 1) : expect.fail('There is no subscription.'),
    );
    expect(await Promise.all(told)).toEqual([[first, second, third], [second], [third]]);
    await Promise.all([all, pier, squatted].map((each) => each?.return?.()));
  });
});

describe('conflictWarning', () => {
  it('refuses what is no host’s name', async () => {
    const harbour = await openHarbour(await embedded.open());
    const { value } = await harbour.overWebsocket('subscription { conflictWarning(host: "a b") { id } }').next();
    expect(value.errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'INVALID_INPUT' }) }),
    ]);
  });
});
