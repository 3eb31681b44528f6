import type { Listener, PortAllocation, PortCheck } from '../client/client.ts';
import { wordFor } from './choices.ts';
import type { CommandPlace } from './command.ts';
import { ownerOf } from './describe.ts';

type Standing = Pick<PortCheck, 'port' | 'listener'> & { readonly allocation: PortAllocation };

/** Whether whoever asks at a place is the one that holds a port: the same worktree, or without one the same conversation. */
export function isOwn({ allocation }: PortCheck, { worktreePath, conversationId }: CommandPlace): boolean {
  if (!allocation) return false;
  if (allocation.worktree) return allocation.worktree.path === worktreePath;
  return allocation.conversationId !== null && allocation.conversationId === conversationId;
}

/** What somebody should know who asks about a port that they hold themselves. */
export function sayOwn({ port, allocation, listener }: Standing): string {
  const { serviceName, environment } = allocation;
  const fact = `The ${wordFor(environment)} service ${JSON.stringify(serviceName)} of ${ownerOf(allocation)} holds port ${port}.`;
  return `${fact} ${listener ? sayListener({ port, allocation, listener }) : 'Nobody listens on it: start the service there.'}`;
}

/** Who listens on a port that is one's own, and what to do where it is somebody else. */
export function sayListener({ port, allocation, listener }: Standing & { readonly listener: Listener }): string {
  const { processName, processId, workingDirectory, worktree } = listener;
  const where = workingDirectory ? ` in ${workingDirectory}` : '';
  const who =
    processId === null
      ? 'A process that cannot be seen'
      : `${processName ?? 'A process'} (process ${processId})${where}`;
  if (worktree && worktree.path === allocation.worktree?.path) return `It is up already: ${who} listens.`;
  return `${who} listens on ${port}. If that is not your service, release ${port} and allocate again, which gives another port.`;
}
