import type { Port } from '../domain/port.ts';

/** One socket in LISTEN. */
export interface ListeningSocket {
  readonly port: Port;
  /** As the system writes it, such as 127.0.0.1, ::1, 0.0.0.0 and ::. */
  readonly address: string;
}

/** A listening socket, and the process that it belongs to. */
export interface OwnedSocket extends ListeningSocket {
  /** Null where it cannot be seen. */
  readonly processId: number | null;
}
