import { posix, sep, win32 } from 'node:path';
import type { Owner } from '../domain/owner.ts';
import { InvalidInput } from '../domain/refusals.ts';
import { asGiven, type FoundPath } from '../observer/paths/found-path.ts';
import type { RegistryContext } from './context.ts';

/** Whether a path is absolute on some platform: other hosts may run another one. */
export function isAbsolutePath(path: string): boolean {
  return posix.isAbsolute(path) || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\\\');
}

/** What an index entry takes beside the rest. */
const longestPathBytes = 1_024;

type PathContext = Pick<RegistryContext, 'hostName' | 'paths'>;

/** A path that somebody names. */
export interface NamedPath {
  readonly path: string;
  readonly hostName: string;
  /** Where it stands in what was sent. */
  readonly field: readonly string[];
}

/**
 * An absolute path as the registry knows a worktree: normalised; on the observed host with symbolic
 * links resolved as far as the path exists and answers, so that a worktree which is already gone from disk
 * keeps the name it had. Throws InvalidInput where that leads to a path that is too long to be kept.
 */
export async function canonicalPath(context: PathContext, named: NamedPath): Promise<string> {
  return (await find(context, named)).path;
}

/** The owner with its worktree's canonical path. */
export async function canonicalOwner(context: PathContext, owner: Owner, hostName: string): Promise<Owner> {
  if (owner.worktreePath === null) return owner;
  const worktreePath = await canonicalPath(context, { path: owner.worktreePath, hostName, field: ownerField });
  return { ...owner, worktreePath };
}

const ownerField = ['owner', 'worktreePath'];

/**
 * The canonical path of a worktree that is to be registered, and its file system, where it can be seen. Throws
 * InvalidInput where there can be none: on the observed host, below /proc, /sys and /dev, and where a file is.
 */
export async function claimedWorktree(
  context: PathContext,
  named: NamedPath,
): Promise<{ path: string; device: number | null }> {
  const { path, kind, device } = await find(context, named);
  const isObserved = named.hostName === context.hostName;
  if (isObserved && isOfTheSystem(path)) {
    refuse(named, `${path} lies where the system shows its processes and devices: name the directory of a checkout.`);
  }
  if (kind === 'other') refuse(named, `${path} is not a directory: name the directory of a checkout.`);
  return { path, device: kind === 'directory' ? device : null };
}

/** An owner who is to hold ports, with its worktree as `claimedWorktree` has it. */
export async function claimingOwner(
  context: PathContext,
  owner: Owner,
  { hostName, field = ownerField }: { readonly hostName: string; readonly field?: readonly string[] },
): Promise<Owner> {
  if (owner.worktreePath === null) return owner;
  const { path, device } = await claimedWorktree(context, { path: owner.worktreePath, hostName, field });
  return { ...owner, worktreePath: path, worktreeDevice: device };
}

async function find({ hostName, paths }: PathContext, named: NamedPath): Promise<FoundPath> {
  const flavour = posix.isAbsolute(named.path) ? posix : win32;
  const normal = withoutTrailingSeparator(flavour.normalize(named.path), flavour.sep);
  const canBeSeen = named.hostName === hostName && flavour.sep === sep && !isOfTheSystem(normal);
  const found = canBeSeen ? await paths.find(normal) : asGiven(normal);
  if (Buffer.byteLength(found.path) <= longestPathBytes) return found;
  return refuse(named, `The path's symbolic links lead to one of more than ${longestPathBytes} bytes.`);
}

/** What is there are the system's own objects, and some differ for each process that looks. /dev/shm holds ordinary files. */
const isOfTheSystem = (path: string) => /^\/(proc|sys|dev(?!\/shm\/))(\/|$)/.test(path);

function refuse({ field }: NamedPath, message: string): never {
  throw new InvalidInput([{ path: field, message }]);
}

function withoutTrailingSeparator(path: string, separator: string): string {
  const isRoot = path === separator || /^[A-Za-z]:\\$/.test(path);
  return path.endsWith(separator) && !isRoot ? path.slice(0, -1) : path;
}
