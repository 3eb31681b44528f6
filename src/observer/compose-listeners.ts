import type { SeenListener, SeenProcess } from '../domain/observation.ts';
import type { OwnedSocket } from './listening-socket.ts';

/**
 * What listens, of sockets and processes: one listener for each port and process, by port and then process
 * id, the one whose process cannot be seen last. `processOf` gives null for a process that has ended since,
 * which can no longer be seen either.
 */
export function composeListeners(
  sockets: readonly OwnedSocket[],
  processOf: (processId: number) => SeenProcess | null,
): SeenListener[] {
  const listeners = new Map<string, { readonly listener: SeenListener; readonly addresses: Set<string> }>();
  for (const { port, address, processId } of sockets) {
    const process = processId === null ? null : processOf(processId);
    const key = `${port} ${process?.id}`;
    const known = listeners.get(key) ?? { listener: { port, addresses: [], process }, addresses: new Set() };
    known.addresses.add(address);
    listeners.set(key, known);
  }
  return [...listeners.values()]
    .map(({ listener, addresses }) => ({ ...listener, addresses: [...addresses].sort() }))
    .sort((one, other) => one.port - other.port || rank(one) - rank(other));
}

function rank({ process }: SeenListener): number {
  return process?.id ?? Number.MAX_SAFE_INTEGER;
}
