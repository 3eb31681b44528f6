import type { Engine } from './engines.ts';
import type { Load } from './load.ts';
import type { Remote } from './remote.ts';
import type { Sizes } from './sizes.ts';

/** What every measurement works with. */
export interface Bench {
  readonly engine: Engine;
  /** The clients. */
  readonly load: Remote<Load>;
  readonly sizes: Sizes;
}
