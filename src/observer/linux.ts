import type { EphemeralRange, SeenListener } from '../domain/observation.ts';
import { composeListeners } from './compose-listeners.ts';
import { DetectionFailed } from './detection-failed.ts';
import { inSlices } from './in-slices.ts';
import { parseLocalPortRange, parseReservedPorts } from './local-port-range.ts';
import type { Observer } from './observer.ts';
import { readStart, readUntil } from './proc-files.ts';
import { isPastListeners, type ProcSocket, parseProcNetTcp } from './proc-net-tcp.ts';
import { ProcProcesses } from './proc-process.ts';
import { SocketOwners } from './socket-owners.ts';

/**
 * Looks into the process file system, by default at /proc; needs no other program. It remembers where it
 * found each socket, so that the first look is the longest.
 */
export function createLinuxObserver(proc = '/proc', now = () => performance.now()): Observer {
  const owners = new SocketOwners(proc, now);
  return {
    listeners: (ports) => inSlices(look(proc, owners, ports)),

    async ephemeralRange(): Promise<EphemeralRange | null> {
      const range = parseLocalPortRange(readStart(`${proc}/sys/net/ipv4/ip_local_port_range`, 256) ?? '');
      if (!range) return null;
      const reserved = readStart(`${proc}/sys/net/ipv4/ip_local_reserved_ports`, 65_536) ?? '';
      return { ...range, reserved: parseReservedPorts(reserved) };
    },
  };
}

function* look(
  proc: string,
  owners: SocketOwners,
  ports: ReadonlySet<number> | undefined,
): Generator<void, SeenListener[]> {
  const all = readTables(proc);
  owners.keepOnly(new Set(all.map(({ inode }) => inode)));
  yield;
  const wanted = ports === undefined ? all : all.filter(({ port }) => ports.has(port));
  const processIds = yield* owners.find(wanted.map(({ inode }) => inode));
  const sockets = withoutClosed(wanted, processIds, proc);
  const processes = new ProcProcesses(proc);
  for (const processId of new Set(processIds.values())) {
    processes.get(processId);
    yield;
  }
  return composeListeners(
    sockets.map(({ port, address, inode }) => ({ port, address, processId: processIds.get(inode) ?? null })),
    (processId) => processes.get(processId),
  );
}

/** Without those that nobody was found to hold because they have been closed meanwhile, as a process that ends does. */
function withoutClosed(sockets: ProcSocket[], found: ReadonlyMap<number, number>, proc: string): ProcSocket[] {
  if (sockets.every(({ inode }) => found.has(inode))) return sockets;
  const stillOpen = new Set(readTables(proc).map(({ inode }) => inode));
  return sockets.filter(({ inode }) => found.has(inode) || stillOpen.has(inode));
}

const readTables = (proc: string) => [...readTable(`${proc}/net/tcp`), ...readTable(`${proc}/net/tcp6`, [])];

/** `ifMissing`: what a table is taken for that the kernel does not have, that of IPv6 where it knows none. */
function readTable(path: string, ifMissing?: ProcSocket[]): ProcSocket[] {
  try {
    return parseProcNetTcp(readUntil(path, isPastListeners));
  } catch (error) {
    if (ifMissing && error instanceof Error && 'code' in error && error.code === 'ENOENT') return ifMissing;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DetectionFailed(
      `The listeners of this host cannot be read (${reason}): run where /proc is mounted and may be read.`,
    );
  }
}
