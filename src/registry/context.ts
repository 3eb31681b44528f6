import type { Policy } from '../domain/policy.ts';
import type { GitLister } from '../observer/list-git-worktrees.ts';
import type { Observer } from '../observer/observer.ts';
import type { PathResolver } from '../observer/paths/path-resolver.ts';
import type { ListenedElsewhere, Prober } from '../observer/prober.ts';
import type { Database } from '../storage/database.ts';
import type { Writer } from './writer.ts';

/** What the verbs of the registry work with. */
export interface RegistryContext {
  /** The host that this instance observes, and the one meant where a caller names none. */
  readonly hostName: string;
  readonly database: Database;
  readonly writer: Writer;
  readonly prober: Prober;
  readonly observer: Observer;
  /** For all paths of the observed host that somebody named. */
  readonly paths: PathResolver;
  /** By host, the ports on which its own observer saw something listen lately; of the observed host it says nothing. */
  readonly listenedElsewhere: (hostNames: readonly string[]) => Promise<ListenedElsewhere>;
  /** See `createGitLister`. */
  readonly listGitWorktrees: GitLister;
  readonly policy: Policy;
  readonly clock: () => Date;
  /** From one scan of the host to the next. */
  readonly scanIntervalMs: number;
  readonly newId: () => string;
  readonly random: () => number;
  /** Looks at the observed host now; see `Registry.scanHost`. */
  readonly scan: () => Promise<unknown>;
}
