import type { LsofSocket } from './lsof.ts';

/**
 * The sockets without the copies that processes inherited: each stays with the process that has the lowest
 * id. Sockets that cannot be told from one another all stay.
 */
export function withoutInherited(sockets: readonly LsofSocket[]): LsofSocket[] {
  const lowest = new Map<string, number>();
  for (const { device, processId } of sockets) {
    if (device !== null) lowest.set(device, Math.min(processId, lowest.get(device) ?? processId));
  }
  return sockets.filter(({ device, processId }) => device === null || lowest.get(device) === processId);
}
