import type { SeenListener, SeenProcess } from '../domain/observation.ts';
import { ancestorsOf } from './ancestry.ts';
import { composeListeners } from './compose-listeners.ts';
import { withoutInherited } from './inherited-sockets.ts';
import type { OwnedSocket } from './listening-socket.ts';
import { parseLocalPortRange } from './local-port-range.ts';
import {
  type LsofSocket,
  lsofDirectoryParameters,
  lsofSocketParameters,
  parseLsofDirectories,
  parseLsofSockets,
} from './lsof.ts';
import { parseMacosNetstat } from './netstat-macos.ts';
import type { Observer } from './observer.ts';
import { type PsProcess, parsePs, psParameters } from './ps.ts';
import { runCommand } from './run-command.ts';

/** Where the system's programs are, whatever the PATH of this process; each in a language in which its output is known. */
const path = '/usr/bin:/bin:/usr/sbin:/sbin';
const inC = { PATH: path, LC_ALL: 'C' };
const inUtf8 = { PATH: path, LC_ALL: 'en_US.UTF-8' };

/** Asks lsof, which shows the sockets of this user's processes; netstat, which shows those of others as well; and ps. */
export const macosObserver: Observer = {
  async listeners(ports) {
    const [lsof, netstat, ps] = await Promise.all([
      runCommand('lsof', lsofSocketParameters, inC),
      orNothing(runCommand('netstat', ['-an', '-p', 'tcp'], inC)),
      orNothing(runCommand('ps', psParameters, inUtf8)),
    ]);
    const isWanted = ({ port }: { readonly port: number }) => ports === undefined || ports.has(port);
    const seen = withoutInherited(parseLsofSockets(lsof).filter(isWanted));
    const processes = parsePs(ps);
    const ids = seen.map(({ processId }) => processId);
    const directories = await readDirectories(ids, processes);
    return joinMacos({ seen, all: parseMacosNetstat(netstat).filter(isWanted), processes, directories });
  },

  async ephemeralRange() {
    const names = ['net.inet.ip.portrange.first', 'net.inet.ip.portrange.last'];
    const range = parseLocalPortRange(await orNothing(runCommand('sysctl', ['-n', ...names], inC)));
    return range ? { ...range, reserved: [] } : null;
  },
};

/** What the programs told. */
export interface MacosSight {
  readonly seen: readonly LsofSocket[];
  /** All sockets, those whose process cannot be seen as well. */
  readonly all: readonly Omit<OwnedSocket, 'processId'>[];
  readonly processes: ReadonlyMap<number, PsProcess>;
  readonly directories: ReadonlyMap<number, string>;
}

/**
 * What listens. Of ports on which lsof shows a socket, netstat's are left out: the two write the same address
 * differently, so that whether one of them is another's socket cannot be told.
 */
export function joinMacos({ seen, all, processes, directories }: MacosSight): SeenListener[] {
  const seenPorts = new Set(seen.map(({ port }) => port));
  const unseen = all.filter(({ port }) => !seenPorts.has(port)).map((socket) => ({ ...socket, processId: null }));
  const names = new Map(seen.map(({ processId, name }) => [processId, name]));
  const processOf = (id: number): SeenProcess => ({
    id,
    name: names.get(id) ?? null,
    command: processes.get(id)?.command ?? null,
    workingDirectory: directories.get(id) ?? null,
    ancestorDirectories: ancestorsOf(id, (of) => processes.get(of)).flatMap((of) => directories.get(of) ?? []),
  });
  return composeListeners([...seen, ...unseen], processOf);
}

async function readDirectories(
  ids: readonly number[],
  processes: ReadonlyMap<number, PsProcess>,
): Promise<Map<number, string>> {
  const all = new Set(ids.flatMap((id) => [id, ...ancestorsOf(id, (of) => processes.get(of))]));
  if (all.size === 0) return new Map();
  return parseLsofDirectories(await orNothing(runCommand('lsof', lsofDirectoryParameters([...all]), inC)));
}

/** What cannot be told is left open; that something listens is known without it. */
async function orNothing(output: Promise<string>): Promise<string> {
  return output.catch(() => '');
}
