import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CleanupReport } from '../../src/domain/cleanup.ts';
import { DetectionFailed } from '../../src/observer/detection-failed.ts';
import type { ScanReport } from '../../src/registry/scan-host.ts';
import { createHostWatch, type WatchOptions } from '../../src/server/watch-host.ts';
import { recordLog } from '../support/recorded-log.ts';

const nothing: CleanupReport = { released: [], kept: [], historyPruned: 0 };
const seen = (...ripe: string[]): ScanReport => ({
  hostName: 'quay',
  listeners: [],
  activated: [],
  deactivated: [],
  opened: [],
  resolved: [],
  ripe: new Set(ripe),
});

/**
 * A watch over a host whose looks come out as listed, and then go on for ever as the last one. Each cleanup leaves
 * so many parts of old history.
 */
function watch(looks: readonly (ScanReport | Error)[], settings: Partial<WatchOptions> = {}, parts = 0) {
  const { log, entries } = recordLog();
  const calls: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let count = 0;
  const registry = {
    hostName: 'quay',
    async scanHost() {
      calls.push('scan');
      const look = looks[Math.min(count, looks.length - 1)] ?? seen();
      count += 1;
      for (const each of waiting) if (count > each.count) each.resolve();
      if (look instanceof Error) throw look;
      return look;
    },
    async cleanupPorts({ host, dryRun }: { host: string | null; dryRun: boolean }) {
      calls.push(`cleanup of ${host}${dryRun ? ', dry' : ''}`);
      return nothing;
    },
    async *pruneHistory() {
      for (let part = 1; part <= parts; part++) {
        calls.push(`part ${part}`);
        yield part;
      }
      calls.push('pruned');
    },
  };
  const seconds: number[] = [];
  const scanned = (each: number) => seconds.push(each);
  const hostWatch = createHostWatch({ registry, scanIntervalMs: 1, autoCleanup: true, log, scanned, ...settings });
  onTestFinished(() => hostWatch.stop());
  hostWatch.start();
  /** Resolves when so many looks are over and another one has begun. */
  const looked = (looksDone: number) =>
    new Promise<void>((resolve) => {
      waiting.push({ count: looksDone, resolve });
      if (count > looksDone) resolve();
    });
  return { hostWatch, calls, entries, seconds, looked };
}

describe('the watch over a host', () => {
  it('cleans up at the start, and again when a look finds something ripe', async () => {
    const { calls, looked, seconds } = watch([seen(), seen(), seen('a worktree'), seen()]);
    await looked(4);
    expect(calls.filter((call) => call !== 'pruned').slice(0, 6)).toEqual([
      'scan',
      'cleanup of quay',
      'scan',
      'scan',
      'cleanup of quay',
      'scan',
    ]);
    expect(seconds.length).toBeGreaterThanOrEqual(4);
  });

  it('goes on deleting old history until the next look is due, and after that one', async () => {
    const inOneRest = watch([seen()], { scanIntervalMs: 3_600_000 }, 200);
    await vi.waitUntil(() => inOneRest.calls.includes('pruned'));
    expect(inOneRest.calls.filter((call) => call === 'scan')).toHaveLength(1);
    expect(inOneRest.calls.filter((call) => call.startsWith('part'))).toHaveLength(200);

    const { calls, looked, entries } = watch([seen()], { scanIntervalMs: 0 }, 3);
    await looked(4);
    const expected = [
      'scan',
      'cleanup of quay',
      'part 1',
      'scan',
      'part 2',
      'scan',
      'part 3',
      'scan',
      'pruned',
      'scan',
    ];
    expect(calls.slice(0, 10)).toEqual(expected);
    expect(entries('info').map(({ msg }) => msg)).toContain('cleanup: 3 old allocations are deleted');
  });

  it('never cleans up where that is not wanted', async () => {
    const { calls, looked } = watch([seen('a worktree')], { autoCleanup: false });
    await looked(3);
    expect(new Set(calls)).toEqual(new Set(['scan']));
  });

  it('says once that it cannot see, why, and that it can again', async () => {
    const blind = new DetectionFailed('lsof is missing: install it.');
    const { hostWatch, entries, looked } = watch([blind, blind, blind, seen()]);
    await looked(2);
    expect(hostWatch.blindness()).toBe('lsof is missing: install it.');
    expect(entries('error')).toHaveLength(1);
    await looked(4);
    expect(hostWatch.blindness()).toBeUndefined();
    expect(entries('error')).toHaveLength(1);
    expect(entries('info').at(-1)?.msg).toBe('the host can be looked at again');
  });

  it('goes on after a failure of another kind, which does not make it blind', async () => {
    const { hostWatch, entries, looked } = watch([new Error('no database'), seen()]);
    await looked(1);
    expect(hostWatch.blindness()).toBeUndefined();
    await looked(3);
    expect(entries('error')).toMatchObject([{ msg: 'the host could not be looked at; trying again' }]);
  });

  it('looks no more once it is stopped, also while it waits for long', async () => {
    const { hostWatch, calls, looked } = watch([seen()], { scanIntervalMs: 3_600_000 });
    await looked(0);
    await hostWatch.stop();
    const looks = calls.length;
    hostWatch.start();
    await hostWatch.stop();
    expect(calls.length).toBe(looks);
  });

  it.each([
    ['hangs', () => new Promise<ScanReport>(() => {})],
    ['fails', () => Promise.reject(new Error('no database'))],
  ])('says that it is late when a look %s, after 10 s or three intervals', async (_what, scanHost) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { log } = recordLog();
    const registry = { hostName: 'quay', scanHost, cleanupPorts: async () => nothing, async *pruneHistory() {} };
    for (const [scanIntervalMs, most] of [
      [1, 10_000],
      [15_000, 45_000],
    ] as const) {
      const hostWatch = createHostWatch({ registry, scanIntervalMs, autoCleanup: true, log, scanned: () => {} });
      onTestFinished(() => hostWatch.stop());
      expect(hostWatch.lateness()).toBeUndefined();
      hostWatch.start();
      vi.advanceTimersByTime(most);
      expect(hostWatch.lateness()).toBeUndefined();
      vi.advanceTimersByTime(1_000);
      expect(hostWatch.lateness()).toContain(`for ${(most + 1_000) / 1_000} seconds`);
    }
  });

  it('is late no more once a look is over, also a blind one', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { hostWatch, looked } = watch([new Error('no database'), new DetectionFailed('blind'), new Error('none')]);
    vi.advanceTimersByTime(11_000);
    expect(hostWatch.lateness()).toBeDefined();
    await looked(2);
    expect(hostWatch.lateness()).toBeUndefined();
  });

  it('keeps nobody waiting who stops it during a look that hangs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { log } = recordLog();
    const scanHost = vi.fn(() => new Promise<ScanReport>(() => {}));
    const registry = { hostName: 'quay', scanHost, cleanupPorts: async () => nothing, async *pruneHistory() {} };
    const hostWatch = createHostWatch({ registry, scanIntervalMs: 1, autoCleanup: true, log, scanned: () => {} });
    hostWatch.start();
    const stopped = hostWatch.stop();
    await vi.advanceTimersByTimeAsync(2_000);
    await stopped;
    expect(scanHost).toHaveBeenCalledOnce();
  });
});
