/** How much is measured: a round measures everything that is compared, one after the other. */
export interface Sizes {
  readonly throughput: {
    readonly rounds: number;
    readonly clients: number;
    readonly noops: number;
    readonly claims: number;
  };
  readonly latency: { readonly rounds: number; readonly each: number };
  readonly fullness: { readonly rounds: number; readonly each: number };
  readonly list: { readonly rounds: number; readonly each: number };
  readonly events: { readonly rounds: number; readonly each: number; readonly subscribers: number };
  readonly scans: { readonly rounds: number; readonly each: number };
  readonly command: { readonly rounds: number };
  readonly start: { readonly existing: number; readonly fresh: number; readonly idleMs: number };
  readonly memory: { readonly operations: number; readonly idleMs: number };
}

/** For figures to go by: about four minutes. */
export const full: Sizes = {
  throughput: { rounds: 7, clients: 64, noops: 5_000, claims: 3_000 },
  latency: { rounds: 15, each: 40 },
  fullness: { rounds: 15, each: 20 },
  list: { rounds: 10, each: 5 },
  events: { rounds: 10, each: 3, subscribers: 1_000 },
  scans: { rounds: 5, each: 20 },
  command: { rounds: 15 },
  start: { existing: 7, fresh: 3, idleMs: 5_000 },
  memory: { operations: 20_000, idleMs: 10_000 },
};

/** To see that it runs. */
export const quick: Sizes = {
  throughput: { rounds: 2, clients: 64, noops: 1_000, claims: 500 },
  latency: { rounds: 3, each: 20 },
  fullness: { rounds: 3, each: 10 },
  list: { rounds: 2, each: 2 },
  events: { rounds: 2, each: 1, subscribers: 100 },
  scans: { rounds: 1, each: 5 },
  command: { rounds: 2 },
  start: { existing: 1, fresh: 1, idleMs: 1_000 },
  memory: { operations: 1_000, idleMs: 1_000 },
};
