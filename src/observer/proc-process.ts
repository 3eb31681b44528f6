import { readlinkSync } from 'node:fs';
import { longestCommand, type SeenProcess } from '../domain/observation.ts';
import { ancestorsOf, type Lineage } from './ancestry.ts';
import { parseProcCmdline } from './command-line.ts';
import { parseProcComm } from './proc-comm.ts';
import { parseProcCwd } from './proc-cwd.ts';
import { readStart } from './proc-files.ts';
import { parseProcStat } from './proc-stat.ts';

/** How much of each file is read: enough of /proc/PID/stat for the columns that count; a character takes up to four bytes. */
const bytes = { stat: 1_024, name: 256, command: longestCommand * 4 };

/** Processes as /proc shows them during one look: each is read once, however many listeners or children it has. */
export class ProcProcesses {
  readonly #proc: string;
  readonly #processes = new Map<number, SeenProcess | null>();
  readonly #lineages = new Map<number, Lineage | undefined>();
  readonly #directories = new Map<number, string | null>();

  constructor(proc: string) {
    this.#proc = proc;
  }

  /** Null for a process that has ended. */
  get(processId: number): SeenProcess | null {
    return remember(this.#processes, processId, () => this.#read(processId));
  }

  #read(processId: number): SeenProcess | null {
    const comm = readStart(`${this.#proc}/${processId}/comm`, bytes.name);
    if (comm === undefined) return null;
    const commandLine = readStart(`${this.#proc}/${processId}/cmdline`, bytes.command) ?? '';
    const ancestors = ancestorsOf(processId, (id) => this.#lineageOf(id));
    return {
      id: processId,
      name: parseProcComm(comm, commandLine),
      command: parseProcCmdline(commandLine),
      workingDirectory: this.#directoryOf(processId),
      ancestorDirectories: ancestors.flatMap((ancestor) => this.#directoryOf(ancestor) ?? []),
    };
  }

  #lineageOf(processId: number): Lineage | undefined {
    return remember(this.#lineages, processId, () =>
      parseProcStat(readStart(`${this.#proc}/${processId}/stat`, bytes.stat) ?? ''),
    );
  }

  #directoryOf(processId: number): string | null {
    return remember(this.#directories, processId, () => {
      try {
        return parseProcCwd(readlinkSync(`${this.#proc}/${processId}/cwd`));
      } catch {
        return null; // somebody else's process, or one that has just ended
      }
    });
  }
}

function remember<Value>(known: Map<number, Value>, id: number, find: () => Value): Value {
  const value = known.get(id);
  if (value !== undefined || known.has(id)) return value as Value; // which it is, since the map has it
  const found = find();
  known.set(id, found);
  return found;
}
