declare const brand: unique symbol;

/** A TCP/UDP port number, a whole number from 1 to 65535. */
export type Port = number & { readonly [brand]: 'Port' };

export const lowestPort = 1;
export const highestPort = 65_535;

/** Ports below it need privileges to listen on (https://www.rfc-editor.org/rfc/rfc6335 section 6, system ports). */
export const firstUnprivilegedPort = 1_024;

export function isPort(value: unknown): value is Port {
  return Number.isInteger(value) && Number(value) >= lowestPort && Number(value) <= highestPort;
}

/** For numbers that something else has checked, the database's CHECK for one; throws on any that are no port. */
export function asPort(value: number): Port {
  if (!isPort(value)) throw new RangeError(`${value} is not a port: a port is a whole number from 1 to 65535.`);
  return value;
}
