import { isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import envPaths from 'env-paths';
import { z } from 'zod';
import { type Environment, environments, type Policy, strategies } from './domain/policy.ts';
import { asPort, highestPort, lowestPort, type Port } from './domain/port.ts';
import { findUnprintable, replaceUnprintable } from './domain/printable.ts';
import { InvalidPostgresqlUrl } from './storage/postgresql/invalid-url.ts';
import { parseRegistryUrl, withDefaultSslMode } from './storage/postgresql/url.ts';

/** What a server is started with. docs/configuration.md says what each value means. */
export interface Config {
  readonly host: string;
  /** 0 asks the system for any free port. */
  readonly port: number;
  readonly token: string | undefined;
  /** Names, beside its own, under which the server may be called. */
  readonly allowedHosts: readonly string[];
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  /** Whether the embedded database answers once a change is on the disk, or a moment before. */
  readonly durability: 'full' | 'relaxed';
  /** The host that this instance observes. */
  readonly hostName: string;
  readonly policy: Policy;
  /** How often the observed host is looked at. */
  readonly scanIntervalMs: number;
  /** Whether to clean up by itself: at the start, hourly, and when a scan finds something ripe for it. */
  readonly autoCleanup: boolean;
}

/** Values that win over the environment, by the flag that gave them. */
export interface Flags {
  readonly host?: string;
  readonly port?: string;
  readonly dataDir?: string;
  readonly databaseUrl?: string;
  readonly hostname?: string;
}

/** A value that does not fit, in one line: which, what it is, and what it takes. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

interface Setting {
  readonly variable: string;
  readonly flag?: keyof Flags;
  /** Not to be shown. */
  readonly secret?: boolean;
}

const flagNames: Record<keyof Flags, string> = {
  host: '--host',
  port: '--port',
  dataDir: '--data-dir',
  databaseUrl: '--database-url',
  hostname: '--hostname',
};

/** In decimal digits only: `Number` takes white space, hexadecimal and powers of ten as well. */
const numeral = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number);
const portNumber = numeral.pipe(z.int().min(lowestPort).max(highestPort)).transform(asPort);
const portNumbers = z.string().transform((text, context) => {
  const parts = text.split(',').map((part) => part.trim());
  const ports = parts.filter(Boolean).map((part) => portNumber.safeParse(part));
  if (ports.some(({ success }) => !success)) context.addIssue('not ports');
  return new Set<number>(ports.flatMap(({ data }) => data ?? []));
});
const days = numeral.pipe(z.number().gt(0).max(3_650));
/** Instances read each other's events, at the latest an hour after they were written. */
const historyDays = days.pipe(z.number().min(1));
const dayMs = 86_400_000;
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const name = z
  .string()
  .regex(/^\S{1,253}$/)
  .refine((text) => findUnprintable(text) === undefined);

/** Its issue says what the URL takes. */
const databaseUrl = (defaultSslMode: string | undefined) =>
  z.string().transform((text, context) => {
    try {
      const url = withDefaultSslMode(text, defaultSslMode);
      parseRegistryUrl(url);
      return url;
    } catch (error) {
      if (!(error instanceof InvalidPostgresqlUrl)) throw error;
      context.addIssue(error.takes);
      return z.NEVER;
    }
  });

/** Reads the configuration; refuses the first value that does not fit. The only reader of the environment. */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env, flags: Flags = {}): Config {
  const read = <Schema extends z.ZodType>(setting: Setting, schema: Schema, takes?: string) => {
    const flag = setting.flag && flags[setting.flag];
    // An empty one counts as not given.
    const text = flag || environment[setting.variable];
    if (!text) return undefined;
    const result = schema.safeParse(text);
    if (result.success) return result.data;
    const label = flag ? flagNames[setting.flag as keyof Flags] : setting.variable; // it has one
    const shown = setting.secret ? '…' : replaceUnprintable(text, '�');
    throw new ConfigError(`${label}=${shown} does not fit: it takes ${takes ?? result.error.issues[0]?.message}.`);
  };

  const host =
    read({ variable: 'WHARFINGER_HOST', flag: 'host' }, name, 'a host name or an IP address to listen on') ??
    '127.0.0.1';
  const token = read(
    { variable: 'WHARFINGER_TOKEN', secret: true },
    z.string().regex(/^[\x21-\x7e]+$/),
    'visible ASCII characters without spaces',
  );
  if (!token && !isLoopback(host)) {
    throw new ConfigError(
      `WHARFINGER_HOST=${host} does not fit: listening on anything but loopback takes a WHARFINGER_TOKEN as well.`,
    );
  }
  return {
    host,
    token,
    port:
      read(
        { variable: 'WHARFINGER_PORT', flag: 'port' },
        numeral.pipe(z.int().min(0).max(highestPort)),
        'a port from 1 to 65535, or 0 for any free one',
      ) ?? 4280,
    allowedHosts:
      read(
        { variable: 'WHARFINGER_ALLOWED_HOSTS' },
        hostNames,
        'host names without scheme or port, separated by commas',
      ) ?? [],
    dataDirectory:
      read(
        { variable: 'WHARFINGER_DATA_DIR', flag: 'dataDir' },
        z.string().refine((path) => !path.includes('\0')),
        'a directory',
      ) ?? envPaths('wharfinger', { suffix: '' }).data,
    databaseUrl: read(
      { variable: 'WHARFINGER_DATABASE_URL', flag: 'databaseUrl', secret: true },
      databaseUrl(environment.PGSSLMODE),
    ),
    durability: read({ variable: 'WHARFINGER_DURABILITY' }, z.enum(['full', 'relaxed']), 'full or relaxed') ?? 'full',
    hostName:
      read(
        { variable: 'WHARFINGER_HOSTNAME', flag: 'hostname' },
        name,
        'a name without spaces, at most 253 characters',
      ) ?? hostname(),
    policy: {
      ranges: readRanges((variable) => read({ variable }, portNumber, 'a port from 1 to 65535')),
      reserved:
        read({ variable: 'RESERVED_PORTS' }, portNumbers, 'ports from 1 to 65535, separated by commas') ??
        new Set([3000, 5432, 8051, 8181, 3737]),
      strategy:
        read({ variable: 'PORT_ALLOCATION_STRATEGY' }, z.enum(strategies), strategies.join(' or ')) ?? 'sequential',
      quarantineMs:
        1_000 *
        (read(
          { variable: 'PORT_QUARANTINE_SECONDS' },
          numeral.pipe(z.number().max(31_536_000)),
          'seconds, from 0 to a year',
        ) ?? 300),
      utilizationAlert:
        read(
          { variable: 'PORT_UTILIZATION_ALERT' },
          numeral.pipe(z.number().gt(0).max(1)),
          'a share above 0, up to 1',
        ) ?? 0.8,
      cleanup: {
        misses:
          read({ variable: 'PORT_CLEANUP_MISSES' }, numeral.pipe(z.int().min(1).max(1_000)), 'scans, from 1 to 1000') ??
          3,
        inactiveMs: dayMs * (read({ variable: 'PORT_INACTIVE_DAYS' }, days, 'days, above 0, at most 3650') ?? 7),
        historyMs: dayMs * (read({ variable: 'PORT_HISTORY_DAYS' }, historyDays, 'days, from 1 to 3650') ?? 90),
      },
    },
    scanIntervalMs:
      1_000 *
      (read(
        { variable: 'PORT_SCAN_SECONDS' },
        numeral.pipe(z.number().min(1).max(86_400)),
        'seconds, from 1 to 86400',
      ) ?? 15),
    autoCleanup: read({ variable: 'PORT_AUTO_CLEANUP' }, flag, 'true or false') ?? true,
  };
}

/** Names and addresses as a Host header has them, without a port; an IPv6 address may do without its brackets. */
const hostNames = z.string().transform((text, context) => {
  const parts = text.split(',').map((part) => part.trim().toLowerCase());
  const names = parts.filter(Boolean).map((part) => (isIPv6(part) ? `[${part}]` : part));
  if (names.some((each) => !/^([a-z0-9_.-]+|\[[0-9a-f:.]+\])$/.test(each))) context.addIssue('not host names');
  return names;
});

/** Whether only this machine can reach what listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

const rangeVariables: Record<Environment, { readonly prefix: string; readonly start: number; readonly end: number }> = {
  dev: { prefix: 'DEV', start: 8000, end: 8999 },
  test: { prefix: 'TEST', start: 7000, end: 7999 },
  production: { prefix: 'PROD', start: 9000, end: 9999 },
};

function readRanges(read: (variable: string) => Port | undefined): Policy['ranges'] {
  const readRange = (environment: Environment) => {
    const { prefix, ...defaults } = rangeVariables[environment];
    const start = read(`${prefix}_PORT_START`) ?? asPort(defaults.start);
    const end = read(`${prefix}_PORT_END`) ?? asPort(defaults.end);
    if (start > end) {
      throw new ConfigError(
        `${prefix}_PORT_START=${start} does not fit: it takes a port up to ${prefix}_PORT_END, which is ${end}.`,
      );
    }
    return { start, end };
  };
  const ranges = { dev: readRange('dev'), test: readRange('test'), production: readRange('production') };
  for (const one of environments) {
    for (const other of environments) {
      if (one >= other || ranges[one].start > ranges[other].end || ranges[other].start > ranges[one].end) continue;
      const [first, second] = [one, other].map((environment) => {
        const { prefix } = rangeVariables[environment];
        const { start, end } = ranges[environment];
        return `${prefix}_PORT_START=${start}, ${prefix}_PORT_END=${end}`;
      });
      throw new ConfigError(`${first} and ${second} do not fit: ranges must not overlap.`);
    }
  }
  return ranges;
}
