import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { PlacedListener } from '../../src/domain/listeners.ts';
import { asPort } from '../../src/domain/port.ts';
import { probePort } from '../../src/observer/probe.ts';
import { type IdentifyListeners, type ProbePort, Prober } from '../../src/observer/prober.ts';
import { freePort } from '../support/postgresql-server.ts';

const nobodyKnown = async () => new Map();
const openProber = (probePort: ProbePort, identify: IdentifyListeners = nobodyKnown) =>
  new Prober('quay', probePort, identify);

describe('a prober', () => {
  it('knows nothing of a port until it has probed it', async () => {
    const prober = openProber(async (port) => (port === 8_001 ? 'listening' : 'free'));
    expect(prober.view().probed('quay', 8_000)).toBeUndefined();
    await prober.probe('quay', [8_000, 8_001]);
    expect([8_000, 8_001, 8_002].map((port) => prober.view().probed('quay', port))).toEqual([
      'free',
      'listening',
      undefined,
    ]);
  });

  it('takes ports of hosts that it cannot see for free, and does not probe them', async () => {
    const probe = vi.fn(async () => 'listening' as const);
    const prober = openProber(probe);
    await prober.probe('pier', [8_000]);
    expect(prober.view().probed('pier', 8_000)).toBe('free');
    expect(probe).not.toHaveBeenCalled();
  });

  it('probes a port once for all who ask meanwhile, or a moment later', async () => {
    const probe = vi.fn(async () => 'free' as const);
    const prober = openProber(probe);
    await Promise.all([
      prober.probe('quay', [8_000]),
      prober.probe('quay', [8_000, 8_001]),
      prober.probe('quay', [8_001]),
    ]);
    await prober.probe('quay', [8_000]);
    expect(probe.mock.calls).toEqual([[8_000], [8_001]]);
  });

  it('does not meet itself on a real port, however many ask', async () => {
    const port = await freePort();
    const prober = openProber(probePort);
    const results = await Promise.all(
      Array.from({ length: 50 }, async () => {
        await prober.probe('quay', [port]);
        return prober.view().probed('quay', port);
      }),
    );
    expect(new Set(results)).toEqual(new Set(['free']));
  });

  it('probes again after a probe that failed', async () => {
    const probe = vi.fn(async () => 'free' as const).mockRejectedValueOnce(new Error('no sockets left'));
    const prober = openProber(probe);
    await expect(prober.probe('quay', [8_000])).rejects.toThrow('no sockets left');
    await prober.probe('quay', [8_000]);
    expect(prober.view().probed('quay', 8_000)).toBe('free');
  });

  it('finds out once who listens on a port, and only where something does', async () => {
    const placed = { seen: { port: asPort(8_001), addresses: ['::'], process: null }, worktrees: new Map() };
    const identify = vi.fn(async () => new Map([[8_001, placed]]));
    const prober = openProber(async (port) => (port === 8_000 ? 'free' : 'listening'), identify);
    await prober.probe('quay', [8_000, 8_001, 8_002]);
    await prober.identify('quay', [8_000, 8_001, 8_002]);
    await prober.identify('quay', [8_001]);
    await prober.identify('pier', [8_001]);
    const { identified } = prober.view();
    expect([8_000, 8_001, 8_002].map((port) => identified('quay', port))).toEqual([undefined, placed, null]);
    expect(identified('pier', 8_001)).toBeNull();
    expect(identify.mock.calls).toEqual([[new Set([8_001, 8_002])]]);
  });

  it('does not wait for ever to be told who listens, nor asks again while it was not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const answers: ((found: Map<number, PlacedListener>) => void)[] = [];
    const identify = vi.fn(() => new Promise<Map<number, PlacedListener>>((resolve) => answers.push(resolve)));
    const prober = openProber(async () => 'listening', identify);
    const { identified } = prober.view();
    await prober.probe('quay', [8_000, 8_001, 8_002]);
    const first = prober.identify('quay', [8_000]);
    const second = prober.identify('quay', [8_001]);
    await vi.advanceTimersByTimeAsync(1_500);
    await Promise.all([first, second]);
    expect([8_000, 8_001, 8_002].map((port) => identified('quay', port))).toEqual([null, null, undefined]);

    const third = prober.identify('quay', [8_002]);
    answers.pop()?.(new Map());
    await vi.waitUntil(() => answers.length > 0);
    answers.pop()?.(new Map());
    await third;
    expect(identify.mock.calls).toEqual([[new Set([8_000])], [new Set([8_002])]]);
  });

  it('asks again who listens after a question that failed', async () => {
    const identify = vi.fn(nobodyKnown).mockRejectedValueOnce(new Error('no database'));
    const prober = openProber(async () => 'listening', identify);
    await prober.probe('quay', [8_000]);
    await expect(prober.identify('quay', [8_000])).rejects.toThrow('no database');
    await prober.identify('quay', [8_000]);
    expect(prober.view().identified('quay', 8_000)).toBeNull();
  });
});
