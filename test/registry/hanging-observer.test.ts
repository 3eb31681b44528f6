import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SeenListener } from '../../src/domain/observation.ts';
import { engines } from '../support/databases.ts';
import {
  allocate,
  claim,
  granted,
  listener,
  listeningOn,
  openRegistry,
  refused,
  release,
  seeing,
  worktree,
} from '../support/registry.ts';

/** An observer that answers until it hangs, and how often it was asked. */
function openObserver(listeners: readonly SeenListener[]) {
  const asked: (readonly number[] | 'all')[] = [];
  let hangs: (() => void) | undefined;
  const observer = seeing(listeners);
  return {
    asked,
    /** Resolves when it has been asked again. */
    hang: () => new Promise<void>((resolve) => (hangs = resolve)),
    observer: {
      ...observer,
      async listeners(ports?: ReadonlySet<number>) {
        asked.push(ports ? [...ports] : 'all');
        if (!hangs) return observer.listeners(ports);
        hangs();
        return new Promise<SeenListener[]>(() => {});
      },
    },
  };
}

function stopTimers() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
}

describe.each(engines)('an observer on $name', (engine) => {
  it('that hangs keeps nobody waiting who releases a port that is up still', async () => {
    const { observer, hang } = openObserver([listener(8_000, { workingDirectory: '/wt/a' })]);
    const registry = openRegistry(await engine.open(), { observer });
    const owner = worktree('/wt/a');
    const { port } = await allocate(registry, 'web', { owner });
    await registry.scanHost();
    stopTimers();
    const hung = hang();
    const released = registry.releasePort(release(port, { owner }));
    await hung;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(granted(await released)).toMatchObject({ port, status: 'released' });
  });

  it('is asked once who listens on all the ports that are asked for together', async () => {
    const ports = [8_000, 8_001, 8_002];
    const { observer, asked } = openObserver(ports.map((port) => listener(port, { workingDirectory: '/wt/b' })));
    const registry = openRegistry(await engine.open(), { observer, probePort: listeningOn(new Set(ports)) });
    await allocate(registry, 'db', { owner: worktree('/wt/b'), exactPort: 8_100 }); // registers it
    const calls = ports.map((exactPort) => claim(`s${exactPort}`, { exactPort }));
    const refusals = await Promise.all(calls.map((each) => registry.allocatePort(each)));
    for (const each of refusals) expect(refused(each, 'PORT_UNAVAILABLE').message).toContain('of worktree /wt/b');
    expect(asked).toEqual([ports]);
  });

  it('that hangs keeps nobody waiting who asks for a port on which something listens', async () => {
    const { observer, hang } = openObserver([]);
    const registry = openRegistry(await engine.open(), { observer, probePort: listeningOn(new Set([8_000])) });
    stopTimers();
    const hung = hang();
    const answer = registry.allocatePort(claim('web', { exactPort: 8_000 }));
    await hung;
    await vi.advanceTimersByTimeAsync(1_500);
    expect(refused(await answer, 'PORT_UNAVAILABLE').reasons).toEqual(['LISTENING']);
  });
});
