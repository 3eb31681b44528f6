import { decode, refuse } from './invalid-url.ts';

/** One of the servers that a URL names. */
export interface ServerAddress {
  /** A name, an address, or the directory of a Unix socket; undefined leaves it to PGHOST or the driver's default. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** As the URL has it. */
  readonly label: string;
}

/** Reads `a:5432,[::1],%2Fvar%2Frun`, and `host` and `port` of the parameters, which win. */
export function parseHosts(authority: string, parameters: ReadonlyMap<string, string>): ServerAddress[] {
  const listed = parameters.get('host');
  const own = listed ? listed.split(',').map((host) => ({ host, port: '' })) : authority.split(',').map(parseHost);
  const ports = parameters.get('port')?.split(',') ?? [];
  if (ports.length > 1 && ports.length !== own.length) refuse('one port for all of its hosts, or one for each');
  return own.map(({ host, port }, index) => address(host, ports[index] ?? ports[0] ?? port));
}

function parseHost(text: string): { host: string; port: string } {
  const parts =
    /^(\[[0-9a-fA-F:.%]+\]|[^:[\]]*)(?::(\d*))?$/.exec(text) ??
    refuse('a URL whose hosts are written as host:port or [::1]:port');
  const [, host = '', port = ''] = parts;
  return { host: decode(host.replace(/^\[|\]$/g, '')), port };
}

function address(host: string, port: string): ServerAddress {
  const number = Number(port);
  if (!/^\d*$/.test(port) || number > 65_535 || (port !== '' && number < 1)) refuse('a port from 1 to 65535');
  if (/[\s\p{Cc}]/u.test(host)) refuse('a URL whose hosts have no spaces');
  const shown = host.includes(':') ? `[${host}]` : host;
  return {
    host: host || undefined,
    port: number || undefined,
    label: number ? `${shown}:${number}` : shown,
  };
}
