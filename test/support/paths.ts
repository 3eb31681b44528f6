import { inject } from 'vitest';
import { createPathResolver, type PathResolver } from '../../src/observer/paths/path-resolver.ts';
import { canonicalPath } from '../../src/registry/owner-paths.ts';

let shared: PathResolver | undefined;

/** One for all tests of a process: it ends with that. */
export function sharedPaths(): PathResolver {
  shared ??= createPathResolver({ program: inject('pathProgram') });
  return shared;
}

/** A path as a registry on its host knows it. */
export const canonical = (path: string, isObserved = true) =>
  canonicalPath(
    { hostName: 'quay', paths: sharedPaths() },
    { path, hostName: isObserved ? 'quay' : 'pier', field: [] },
  );
