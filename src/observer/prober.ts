import type { Identified, Probed, ProbeResult } from '../domain/decision.ts';
import type { PlacedListener } from '../domain/listeners.ts';
import { within } from './within.ts';

/** How long a probe's result is believed, so that requests that come together share it. */
const freshMs = 100;

/** How long is waited to be told who listens; whoever wants a port wants it soon. */
const longestIdentifyMs = 1_500;

/** Each probe takes a descriptor. */
const mostAtOnce = 64;

export type ProbePort = (port: number) => Promise<ProbeResult>;

/** Finds out who listens on these ports of the observed host; those of whom nothing can be told are left out. */
export type IdentifyListeners = (ports: ReadonlySet<number>) => Promise<ReadonlyMap<number, PlacedListener>>;

/** By host, the ports on which its own observer saw something listen. */
export type ListenedElsewhere = ReadonlyMap<string, ReadonlySet<number>>;

interface Look {
  readonly result: ProbeResult;
  readonly at: number;
  /** Who listens; null where it cannot be told, undefined where nobody asked. */
  listener?: PlacedListener | null;
}

/** Probes ports of the observed host, and remembers for a moment what it found. */
export class Prober {
  readonly #hostName: string;
  readonly #probePort: ProbePort;
  readonly #identifyListeners: IdentifyListeners;
  readonly #looks = new Map<number, Look>();
  readonly #underWay = new Map<number, Promise<void>>();
  #identifying: Promise<unknown> = Promise.resolve();

  constructor(hostName: string, probePort: ProbePort, identifyListeners: IdentifyListeners) {
    this.#hostName = hostName;
    this.#probePort = probePort;
    this.#identifyListeners = identifyListeners;
  }

  /** Makes sure that fresh results are there; of ports of other hosts, nothing can be known. */
  async probe(hostName: string, ports: Iterable<number>): Promise<void> {
    if (hostName !== this.#hostName) return;
    const { probed } = this.view();
    const stale = [...new Set(ports)].filter((port) => probed(hostName, port) === undefined);
    for (let start = 0; start < stale.length; start += mostAtOnce) {
      const some = stale.slice(start, start + mostAtOnce);
      await Promise.all(some.map((port) => this.#underWay.get(port) ?? this.#look(port)));
    }
  }

  /**
   * Makes sure that it is known who listens on those of the ports that were found listened on, or that it cannot
   * be told within 1.5 s. One question at a time: where one hangs, others would only hang as well.
   */
  async identify(hostName: string, ports: Iterable<number>): Promise<void> {
    if (hostName !== this.#hostName) return;
    const looks = new Map([...new Set(ports)].flatMap((port) => unidentified(port, this.#looks.get(port))));
    if (looks.size === 0) return;
    const told = this.#identifying.then(() => this.#tell(looks));
    this.#identifying = told.catch(() => {}); // whoever asked is told
    await within(told, longestIdentifyMs, undefined);
    for (const look of looks.values()) look.listener ??= null;
  }

  /** Of those that nobody has told, or given up, since they were asked about. */
  async #tell(looks: ReadonlyMap<number, Look>): Promise<void> {
    const untold = new Map([...looks].filter(([, { listener }]) => listener === undefined));
    if (untold.size === 0) return;
    const found = await this.#identifyListeners(new Set(untold.keys()));
    for (const [port, look] of untold) look.listener ??= found.get(port) ?? null;
  }

  /** One probe of a port at a time: two would meet each other and find it listened on. */
  #look(port: number): Promise<void> {
    const look = async () => {
      try {
        this.#looks.set(port, { result: await this.#probePort(port), at: performance.now() });
      } finally {
        this.#underWay.delete(port);
      }
    };
    const looking = look();
    this.#underWay.set(port, looking);
    return looking;
  }

  /**
   * What is known: results that are fresh now, and all that come later, however long a decision
   * that goes by them has to wait. Ports of other hosts are listened on where their observers saw it, and
   * otherwise taken for free.
   */
  view(elsewhere: ListenedElsewhere = new Map()): View {
    const since = performance.now() - freshMs;
    const fresh = (port: number) => {
      const look = this.#looks.get(port);
      return look && look.at >= since ? look : undefined;
    };
    return {
      probed: (hostName, port) => {
        if (hostName === this.#hostName) return fresh(port)?.result;
        return elsewhere.get(hostName)?.has(port) ? 'listening' : 'free';
      },
      identified: (hostName, port) => (hostName === this.#hostName ? fresh(port)?.listener : null),
    };
  }
}

/** What is known of who listens where, for a decision. */
export interface View {
  readonly probed: Probed;
  readonly identified: Identified;
}

const unidentified = (port: number, look: Look | undefined): [number, Look][] =>
  look?.result === 'listening' && look.listener === undefined ? [[port, look]] : [];
