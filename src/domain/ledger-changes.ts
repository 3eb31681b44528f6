import type { Listener } from './registry-model.ts';

/** Old history that goes. */
export interface Pruning {
  readonly before: Date;
  readonly allocationIds: readonly string[];
}

/** What an observer saw at one moment. */
export interface Observation {
  readonly hostName: string;
  readonly seenAt: Date;
  /** The host's observed time from now on. */
  readonly observedTime: Date;
  /** Its history time from now on. */
  readonly historyTime: Date;
  readonly listeners: readonly Listener[];
}
