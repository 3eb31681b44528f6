import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { ProbeResult } from '../domain/decision.ts';

/** A listener on any of them would keep a server from binding, on one platform or another. */
const addresses = [
  { host: '127.0.0.1' },
  { host: '::1' },
  { host: '0.0.0.0' },
  { host: '::', ipv6Only: true },
] as const;

/**
 * All of them at once, of both families. Linux refuses it where anything listens on any one of them,
 * other systems do not; a kernel without IPv6 does not know it. It takes a quarter of the time.
 */
const everyAddress = { host: '::', ipv6Only: false } as const;

/** Another program's probe of the same port is over by then; a listener is still there. */
const secondLookMs = { least: 5, most: 25 };

/**
 * Whether a port of this host is free to listen on: whether each of the four addresses can be bound.
 * An address that this machine does not have, or may not bind, says nothing.
 */
export async function probePort(port: number): Promise<ProbeResult> {
  if (await canBindAll(port)) return 'free';
  const { least, most } = secondLookMs;
  await setTimeout(least + Math.random() * (most - least));
  return (await canBindAll(port)) ? 'free' : 'listening';
}

async function canBindAll(port: number): Promise<boolean> {
  if (process.platform === 'linux') {
    const found = await bind(port, everyAddress);
    if (found !== 'unknown') return found === 'bound';
  }
  // One after the other, or the probe would meet itself.
  for (const address of addresses) {
    if ((await bind(port, address)) === 'taken') return false;
  }
  return true;
}

/** An address that this machine does not have, a family that it does not know, a port that it lets nobody but root bind. */
const sayNothing = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'EACCES', 'EPERM']);

type Address = (typeof addresses)[number] | typeof everyAddress;

function bind(port: number, address: Address): Promise<'bound' | 'taken' | 'unknown'> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve('taken');
      else if (sayNothing.has(error.code ?? '')) resolve('unknown');
      else reject(error); // out of descriptors, for one: nobody knows whether the port is free
    });
    server.listen({ ...address, port, exclusive: true }, () => server.close(() => resolve('bound')));
  });
}
