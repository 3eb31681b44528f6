import type { AllocationEvent, Conflict } from '../client/client.ts';
import { ownerOf } from '../commands/describe.ts';
import type { Output, Style } from './output.ts';
import { findPlace } from './place.ts';
import type { Session } from './registry-command.ts';
import type { WatchFlags } from './watch.ts';

const interruptions = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Prints what happens until the process is interrupted. Throws where the registry cannot be followed. */
export async function followRegistry(flags: WatchFlags, { client, output }: Session): Promise<void> {
  const { host, codebase: codebaseId, conversation: conversationId, after, json, wait: waitForServer } = flags;
  const worktreePath = flags.worktree && (await findPlace(flags.worktree)).worktreePath;
  const abort = new AbortController();
  const end = () => abort.abort();
  for (const signal of interruptions) process.on(signal, end);
  const { signal } = abort;
  const tellAs = <Value>(type: string, lineOf: (value: Value, output: Output) => string) => {
    return (value: Value) => (json ? output.jsonLine({ type, ...value }) : output.line(lineOf(value, output)));
  };
  try {
    await Promise.all([
      follow(
        client.allocationChanged({
          where: { host, codebaseId, conversationId, worktreePath },
          after,
          waitForServer,
          signal,
        }),
        tellAs('allocation', changeLine),
      ),
      follow(client.conflictWarning({ host, waitForServer, signal }), tellAs('conflict', conflictLine)),
    ]);
  } finally {
    end(); // the other one, where one has failed
    for (const each of interruptions) process.off(each, end);
  }
}

async function follow<Value>(values: AsyncIterable<Value>, tell: (value: Value) => void): Promise<void> {
  for await (const value of values) tell(value);
}

const eventStyles: Readonly<Record<AllocationEvent['kind'], Style>> = {
  ALLOCATED: 'cyan',
  REGISTERED: 'cyan',
  ACTIVATED: 'green',
  DEACTIVATED: 'yellow',
  TRANSFERRED: 'cyan',
  RELEASED: 'dim',
};

function changeLine({ kind, occurredAt, cause, allocation }: AllocationEvent, { paint }: Output): string {
  const { port, serviceName, environment } = allocation;
  const what = `${port} ${serviceName} (${environment.toLowerCase()}) of ${ownerOf(allocation)}`;
  return `${paint('dim', timeOf(occurredAt))}  ${paint(eventStyles[kind], kind.padEnd(11))}  ${what}${cause ? `: ${cause}` : ''}`;
}

function conflictLine({ state, detectedAt, resolvedAt, message, id, actions }: Conflict, { paint }: Output): string {
  const isOpen = state === 'OPEN';
  const what = paint(isOpen ? 'red' : 'green', (isOpen ? 'CONFLICT' : 'RESOLVED').padEnd(11));
  const remedy = isOpen && actions.length > 0 ? ` [${id}: ${actions.join(', ').toLowerCase()}]` : '';
  return `${paint('dim', timeOf(resolvedAt ?? detectedAt))}  ${what}  ${message}${remedy}`;
}

/** The time of day where people are, as 09:12:05. */
const timeOf = (instant: string) => new Date(instant).toTimeString().slice(0, 8);
