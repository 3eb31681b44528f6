import type { PathSight } from '../domain/worktree-paths.ts';
import type { RegistryContext } from './context.ts';

/**
 * Whether directories exist on the observed host, and on which file system they are, or would be. What does not
 * answer, or may not be looked at, is not there, and its device null.
 */
export async function lookAtPaths(
  { paths }: Pick<RegistryContext, 'paths'>,
  given: readonly string[],
): Promise<Map<string, PathSight>> {
  const found = await paths.findAll(given);
  return new Map([...found].map(([path, { kind, device }]) => [path, { exists: kind === 'directory', device }]));
}
