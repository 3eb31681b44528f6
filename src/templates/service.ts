import type { Environment } from '../domain/policy.ts';
import type { Codebase, Worktree } from '../domain/registry-model.ts';
import { defaultService } from '../domain/worktrees.ts';

/** A live allocation, as far as configuration is made of it. */
export interface Service {
  readonly serviceName: string;
  readonly port: number;
  /** Where it answers, without a path: `http://localhost:8000`. */
  readonly url: string;
  readonly environment: Environment;
  readonly description: string | null;
  readonly host: string;
  /** Null where no worktree owns it. */
  readonly worktreePath: string | null;
  /** Whether it is its codebase's or its worktree's own service, rather than one of several beside it. */
  readonly isPrimary: boolean;
  /** Whether it is only what its worktree got without asking for services, called after the worktree. */
  readonly isPlaceholder: boolean;
}

/** By name, then port, then host: the same order everywhere, whatever the database's collation. */
export function inOrder(services: readonly Service[]): Service[] {
  const compare = <Value extends string | number>(a: Value, b: Value) => (a < b ? -1 : a > b ? 1 : 0);
  return services.toSorted(
    (a, b) => compare(a.serviceName, b.serviceName) || a.port - b.port || compare(a.host, b.host),
  );
}

interface Owners {
  readonly codebase: Pick<Codebase, 'name' | 'primaryPort'> | null;
  readonly worktree: Pick<Worktree, 'path' | 'branch'> | null;
}

/** Whether a service bears its codebase's name, has its primary port, or is what its worktree gets without asking. */
export function isPrimaryService(
  { serviceName, port }: Pick<Service, 'serviceName' | 'port'>,
  { codebase, worktree }: Owners,
): boolean {
  return isCodebasesOwn({ serviceName, port }, codebase) || isNamedAfter(worktree, serviceName, codebase);
}

/** Whether a service is what its worktree gets without asking, and its codebase knows it neither by name nor by port. */
export function isPlaceholderService(
  service: Pick<Service, 'serviceName' | 'port'>,
  { codebase, worktree }: Owners,
): boolean {
  return isNamedAfter(worktree, service.serviceName, codebase) && !isCodebasesOwn(service, codebase);
}

const isCodebasesOwn = (
  { serviceName, port }: Pick<Service, 'serviceName' | 'port'>,
  codebase: Owners['codebase'],
): boolean => codebase !== null && (serviceName === codebase.name || port === codebase.primaryPort);

const isNamedAfter = (worktree: Owners['worktree'], serviceName: string, codebase: Owners['codebase']): boolean =>
  worktree !== null && serviceName === defaultService(worktree, codebase?.name).serviceName;
