import type { RegistryClient } from '../client/client.ts';
import { prose } from './markdown.ts';
import { switchedOff, whyOf } from './render-error.ts';
import {
  type CreatedWorktree,
  type PortsOfWorktree,
  portsOfCreated,
  portsOfRemoved,
  type RemovedWorktree,
} from './worktree-notices.ts';

/** What a chat answers where a worktree was made or removed, which is a success whatever became of its ports. */
export interface WorktreeAnswer {
  readonly success: true;
  readonly message: string;
  readonly modified: true;
  /** What it was given, or what was released. */
  readonly ports: readonly number[];
}

/** Never throws: a worktree without a port is a worktree. */
export async function answerCreated(
  client: RegistryClient,
  made: CreatedWorktree,
  enabled: boolean,
): Promise<WorktreeAnswer> {
  const { ports, problem } = await settled(made, enabled, () => portsOfCreated(client, made));
  const fact = `Worktree created!\n\nBranch: ${shown(made.branch)}\nPath: ${shown(made.shortPath ?? made.path)}`;
  const [port] = ports;
  const allocated = `Allocated ${ports.length > 1 ? 'Ports' : 'Port'}: ${ports.join(', ')}`;
  const rest =
    port === undefined
      ? `\n\nNo port was allocated. ${prose(problem ?? '')}`
      : `\n${allocated}\n\nUse: PORT=${port} npm run dev`;
  return { success: true, message: `${fact}${rest.trimEnd()}`, modified: true, ports };
}

/** Never throws: a cleanup releases later what could not be released now. */
export async function answerRemoved(
  client: RegistryClient,
  removed: RemovedWorktree,
  enabled: boolean,
): Promise<WorktreeAnswer> {
  const { ports, problem } = await settled(removed, enabled, () => portsOfRemoved(client, removed));
  const fact = `Worktree removed!\n\nPath: ${shown(removed.shortPath ?? removed.path)}`;
  const released = `Released ${ports.length > 1 ? 'Ports' : 'Port'}: ${ports.join(', ')}`;
  const rest = problem ? `\n\nNo port was released. ${prose(problem)}` : ports.length > 0 ? `\n${released}` : '';
  return { success: true, message: `${fact}${rest}`, modified: true, ports };
}

/** As it is called; a caller without types may leave out what must be there. */
const shown = (name: string | null | undefined) => prose(name ?? '(none)');

async function settled(
  { path }: { readonly path?: unknown },
  enabled: boolean,
  settle: () => Promise<PortsOfWorktree>,
): Promise<PortsOfWorktree> {
  if (!enabled) return { ports: [], problem: switchedOff };
  if (typeof path !== 'string') return { ports: [], problem: 'It takes the absolute path of the worktree.' };
  try {
    return await settle();
  } catch (error) {
    return { ports: [], problem: whyOf(error) };
  }
}
