import type { Probed, ProbeResult } from '../domain/decision.ts';

/** How long a probe's result is believed. */
const freshMs = 1_000;

export type ProbePort = (port: number) => Promise<ProbeResult>;

/** Probes ports of the observed host, and remembers for a moment what it found. */
export class Prober {
  readonly #hostName: string;
  readonly #probePort: ProbePort;
  readonly #results = new Map<number, { readonly result: ProbeResult; readonly at: number }>();
  readonly #underWay = new Map<number, Promise<void>>();

  constructor(hostName: string, probePort: ProbePort) {
    this.#hostName = hostName;
    this.#probePort = probePort;
  }

  /** Makes sure that fresh results are there; of ports of other hosts, nothing can be known. */
  async probe(hostName: string, ports: Iterable<number>): Promise<void> {
    if (hostName !== this.#hostName) return;
    const stale = new Set([...ports].filter((port) => !this.#fresh(port)));
    await Promise.all([...stale].map((port) => this.#underWay.get(port) ?? this.#look(port)));
  }

  /** One probe of a port at a time: two would meet each other and find it listened on. */
  #look(port: number): Promise<void> {
    const look = async () => {
      try {
        this.#results.set(port, { result: await this.#probePort(port), at: performance.now() });
      } finally {
        this.#underWay.delete(port);
      }
    };
    const looking = look();
    this.#underWay.set(port, looking);
    return looking;
  }

  /** Where no observer can look, a port is taken for free. */
  readonly probed: Probed = (hostName, port) => {
    if (hostName !== this.#hostName) return 'free';
    return this.#fresh(port);
  };

  #fresh(port: number): ProbeResult | undefined {
    const known = this.#results.get(port);
    return known && performance.now() - known.at < freshMs ? known.result : undefined;
  }
}
