import { describe, expect, it, vi } from 'vitest';
import { probePort } from '../../src/observer/probe.ts';
import { Prober } from '../../src/observer/prober.ts';
import { freePort } from '../support/postgresql-server.ts';

describe('a prober', () => {
  it('knows nothing of a port until it has probed it', async () => {
    const prober = new Prober('quay', async (port) => (port === 8_001 ? 'listening' : 'free'));
    expect(prober.view()('quay', 8_000)).toBeUndefined();
    await prober.probe('quay', [8_000, 8_001]);
    expect([8_000, 8_001, 8_002].map((port) => prober.view()('quay', port))).toEqual(['free', 'listening', undefined]);
  });

  it('takes ports of hosts that it cannot see for free, and does not probe them', async () => {
    const probe = vi.fn(async () => 'listening' as const);
    const prober = new Prober('quay', probe);
    await prober.probe('pier', [8_000]);
    expect(prober.view()('pier', 8_000)).toBe('free');
    expect(probe).not.toHaveBeenCalled();
  });

  it('probes a port once for all who ask meanwhile, or a moment later', async () => {
    const probe = vi.fn(async () => 'free' as const);
    const prober = new Prober('quay', probe);
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
    const prober = new Prober('quay', probePort);
    const results = await Promise.all(
      Array.from({ length: 50 }, async () => {
        await prober.probe('quay', [port]);
        return prober.view()('quay', port);
      }),
    );
    expect(new Set(results)).toEqual(new Set(['free']));
  });

  it('probes again after a probe that failed', async () => {
    const probe = vi.fn(async () => 'free' as const).mockRejectedValueOnce(new Error('no sockets left'));
    const prober = new Prober('quay', probe);
    await expect(prober.probe('quay', [8_000])).rejects.toThrow('no sockets left');
    await prober.probe('quay', [8_000]);
    expect(prober.view()('quay', 8_000)).toBe('free');
  });
});
