import type { Conflict, Listener, PortAllocation } from '../client/client.ts';
import { wordFor } from './choices.ts';
import { bullets, code, prose } from './markdown.ts';

type Owned = Pick<PortAllocation, 'worktree' | 'codebase' | 'conversationId'>;

/** Whose an allocation is: the worktree's, else the codebase's, else the conversation's. */
export function ownerOf({ worktree, codebase, conversationId }: Owned): string {
  if (worktree) return worktree.branch ? `${worktree.path} (${worktree.branch})` : worktree.path;
  return codebase?.name ?? conversationId ?? 'nobody';
}

const livenessSentences: Readonly<Record<PortAllocation['liveness'], string>> = {
  LIVE: 'up: its owner listens',
  IDLE: 'down: nobody listens, and the port is held all the same',
  SQUATTED: 'squatted: a process of another worktree listens',
  UNKNOWN: 'unknown: it cannot be told who listens',
};

/** Whether the service is up, in words. */
export function livenessOf({
  liveness,
  processId,
  lastCheckedAt,
}: Pick<PortAllocation, 'liveness' | 'processId' | 'lastCheckedAt'>): string {
  if (liveness === 'UNKNOWN' && lastCheckedAt === null) return 'not looked at yet';
  const process = liveness === 'LIVE' && processId !== null ? ` (process ${processId})` : '';
  return `${livenessSentences[liveness]}${process}`;
}

/** Who listens, in words. */
function listenerOf({ processName, processId, workingDirectory, worktree }: Listener): string {
  if (processId === null) return 'a process that cannot be seen from here';
  const where = worktree
    ? ` of the worktree ${code(worktree.path)}`
    : workingDirectory
      ? ` in ${code(workingDirectory)}`
      : '';
  return `${code(processName ?? 'process')} (process ${processId})${where}`;
}

/** The holder, whether it is up, and since when, as a list. */
export function holderLines(holder: PortAllocation | null, listener: Listener | null): string {
  return bullets([
    holder &&
      `Held by: ${code(holder.serviceName)} (${wordFor(holder.environment)}) of ${code(ownerOf(holder))} since ${holder.allocatedAt}`,
    holder && `Liveness: ${livenessOf(holder)}`,
    listener && `Listening: ${listenerOf(listener)}`,
  ]);
}

/** What is wrong all the same, as a list; null where nothing is. */
export function warningLines(warnings: readonly Conflict[]): string | null {
  return warnings.length > 0 ? bullets(warnings.map(({ message }) => `Warning: ${prose(message)}`)) : null;
}
