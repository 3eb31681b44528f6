import { isWithin, type PortSpan } from './policy.ts';
import type { Port } from './port.ts';

/** A port that a file of a worktree names. */
export interface NamedPort {
  readonly variable: string;
  readonly port: Port;
  readonly file: string;
}

/** A port that is to be taken over for a service, where it is free to take. */
export interface Wish {
  readonly named: NamedPort;
  readonly serviceName: string;
}

/** A port that is named, and about which nothing is done. */
export interface LeftAlone {
  readonly named: NamedPort;
  /** A sentence without its beginning and its end. */
  readonly because: string;
}

/** How many ports of one worktree are taken over. */
export const mostWishes = 20;

/**
 * Which of the named ports are to be taken over: `PORT` for the worktree's own service, `WEB_SERVER_PORT` for
 * "web-server". A port outside the range that is not `PORT` is some other program's, a database's for one.
 */
export function wishesOf(namedPorts: readonly NamedPort[], ownService: string, range: PortSpan) {
  const wishes: Wish[] = [];
  const leftAlone: LeftAlone[] = [];
  for (const named of namedPorts) {
    const serviceName = named.variable === 'PORT' ? ownService : serviceNameOf(named.variable);
    const because = reasonAgainst({ named, serviceName }, wishes, range);
    if (because === undefined) wishes.push({ named, serviceName });
    else leftAlone.push({ named, because });
  }
  return { wishes, leftAlone };
}

function reasonAgainst({ named, serviceName }: Wish, wishes: readonly Wish[], range: PortSpan): string | undefined {
  const { variable, port } = named;
  if (variable !== 'PORT' && !isWithin(port, range)) {
    return `it lies outside the dev range ${range.start}-${range.end}`;
  }
  const samePort = wishes.find((wish) => wish.named.port === port);
  if (samePort) return `${samePort.named.variable} names the same port`;
  const sameService = wishes.find((wish) => wish.serviceName === serviceName);
  if (sameService) return `${sameService.named.variable} names the port of the service "${serviceName}"`;
  if (wishes.length === mostWishes) return `at most ${mostWishes} ports of a worktree are taken over`;
  return undefined;
}

function serviceNameOf(variable: string): string {
  return variable.slice(0, -'_PORT'.length).toLowerCase().replaceAll(/_+/g, '-').replace(/^-/, '');
}
