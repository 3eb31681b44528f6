import type { PortSpan } from './policy.ts';
import type { Port } from './port.ts';

/** A process as the observer saw it. */
export interface SeenProcess {
  readonly id: number;
  /** The program's short name; null where it cannot be told. */
  readonly name: string | null;
  /** The whole command line, in one string of at most `longestCommand` characters; null where it cannot be told. */
  readonly command: string | null;
  /** Absolute and real; null where it cannot be told. */
  readonly workingDirectory: string | null;
  /** The working directories of its parent and of its further ancestors in the same session (terminal), the nearest first. */
  readonly ancestorDirectories: readonly string[];
}

/** What listens on a port: one process, on one or several addresses. */
export interface SeenListener {
  readonly port: Port;
  /** As the system writes them, such as 127.0.0.1, ::1, 0.0.0.0 and ::, each once. */
  readonly addresses: readonly string[];
  /** Null where the process cannot be seen: another user's, or one outside this container. */
  readonly process: SeenProcess | null;
}

/** More of a command line is cut off. */
export const longestCommand = 1_000;

/** The ports from `start` to `end`, both included, from which the system gives one to each outgoing connection and to whoever asks for port 0. */
export interface EphemeralRange extends PortSpan {
  /** Ports that the system gives to nobody who does not ask for them by number, as it was told; inside the range or not. */
  readonly reserved: readonly PortSpan[];
}
