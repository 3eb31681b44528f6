import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { ConfigError, type Flags, loadConfig } from '../../src/config.ts';
import { policy } from '../support/registry.ts';

const url = 'postgresql://scar:secret@localhost/scar';

/** The message of the refusal. */
function refusal(environment: NodeJS.ProcessEnv, flags: Flags = {}): string {
  try {
    loadConfig(environment, flags);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return expect.fail('The configuration was taken.');
}

describe('the configuration', () => {
  it('is complete where nothing is set, and passes over what belongs to other programs', () => {
    expect(loadConfig({ PORT: '3000', DATABASE_URL: url, HOST: '0.0.0.0', HOSTNAME: 'x' })).toEqual({
      host: '127.0.0.1',
      port: 4280,
      token: undefined,
      allowedHosts: [],
      dataDirectory: expect.stringMatching(/wharfinger/),
      databaseUrl: undefined,
      durability: 'full',
      hostName: hostname(),
      policy: policy(),
      scanIntervalMs: 15_000,
      autoCleanup: true,
    });
  });

  it('takes an empty variable or flag as one that is not given', () => {
    const empty = { WHARFINGER_PORT: '', WHARFINGER_TOKEN: '', RESERVED_PORTS: '', DEV_PORT_START: '' };
    expect(loadConfig(empty)).toEqual(loadConfig({}));
    expect(loadConfig({ WHARFINGER_PORT: '4300' }, { port: '' })).toMatchObject({ port: 4300 });
  });

  it.each([
    [{ WHARFINGER_HOST: '::1' }, { host: '::1' }],
    [{ WHARFINGER_DURABILITY: 'relaxed' }, { durability: 'relaxed' }],
    [
      { WHARFINGER_HOST: '0.0.0.0', WHARFINGER_TOKEN: 'a-b_c' },
      { host: '0.0.0.0', token: 'a-b_c' },
    ],
    [{ WHARFINGER_PORT: '65535' }, { port: 65_535 }],
    [{ WHARFINGER_PORT: '0' }, { port: 0 }],
    [{ WHARFINGER_ALLOWED_HOSTS: 'A.example, b.example,,' }, { allowedHosts: ['a.example', 'b.example'] }],
    [{ WHARFINGER_ALLOWED_HOSTS: '::1,[::2]' }, { allowedHosts: ['[::1]', '[::2]'] }],
    [{ WHARFINGER_DATA_DIR: './registry' }, { dataDirectory: './registry' }],
    [{ WHARFINGER_DATABASE_URL: url }, { databaseUrl: url }],
    [{ WHARFINGER_DATABASE_URL: 'postgres://localhost' }, { databaseUrl: 'postgres://localhost' }],
    [{ WHARFINGER_HOSTNAME: 'quay' }, { hostName: 'quay' }],
    [{ DEV_PORT_START: '8100', DEV_PORT_END: '8100' }, { policy: { ranges: { dev: { start: 8100, end: 8100 } } } }],
    [{ TEST_PORT_START: '7500' }, { policy: { ranges: { test: { start: 7500, end: 7999 } } } }],
    [{ PROD_PORT_END: '9001' }, { policy: { ranges: { production: { start: 9000, end: 9001 } } } }],
    [{ RESERVED_PORTS: ' 1, 65535 ,' }, { policy: { reserved: new Set([1, 65_535]) } }],
    [{ PORT_ALLOCATION_STRATEGY: 'random' }, { policy: { strategy: 'random' } }],
    [{ PORT_QUARANTINE_SECONDS: '0' }, { policy: { quarantineMs: 0 } }],
    [{ PORT_QUARANTINE_SECONDS: '1.5' }, { policy: { quarantineMs: 1_500 } }],
    [{ PORT_UTILIZATION_ALERT: '0.95' }, { policy: { utilizationAlert: 0.95 } }],
    [{ PORT_CLEANUP_MISSES: '1' }, { policy: { cleanup: { misses: 1 } } }],
    [{ PORT_INACTIVE_DAYS: '0.5' }, { policy: { cleanup: { inactiveMs: 43_200_000 } } }],
    [{ PORT_HISTORY_DAYS: '1' }, { policy: { cleanup: { historyMs: 86_400_000 } } }],
    [{ PORT_HISTORY_DAYS: '365' }, { policy: { cleanup: { historyMs: 31_536_000_000 } } }],
    [{ PORT_SCAN_SECONDS: '60' }, { scanIntervalMs: 60_000 }],
    [{ PORT_AUTO_CLEANUP: 'false' }, { autoCleanup: false }],
  ])('takes %j', (environment, expected) => {
    expect(loadConfig(environment)).toMatchObject(expected);
  });

  it.each([
    [{ host: '::1' }, { host: '::1' }],
    [{ port: '4300' }, { port: 4300 }],
    [{ dataDir: '/data' }, { dataDirectory: '/data' }],
    [{ databaseUrl: url }, { databaseUrl: url }],
    [{ hostname: 'laptop' }, { hostName: 'laptop' }],
  ])('lets the flag %j win over its variable', (flags, expected) => {
    const environment = {
      WHARFINGER_HOST: 'localhost',
      WHARFINGER_PORT: '1',
      WHARFINGER_DATA_DIR: '/elsewhere',
      WHARFINGER_DATABASE_URL: 'postgresql://elsewhere',
      WHARFINGER_HOSTNAME: 'elsewhere',
    };
    expect(loadConfig(environment, flags)).toMatchObject(expected);
  });

  it.each([
    ['WHARFINGER_HOST', 'a host', 'a host name or an IP address'],
    ['WHARFINGER_HOST', '0.0.0.0', 'takes a WHARFINGER_TOKEN'],
    ['WHARFINGER_HOST', '::', 'takes a WHARFINGER_TOKEN'],
    ['WHARFINGER_HOST', '127.0.0.1.example', 'takes a WHARFINGER_TOKEN'],
    ['WHARFINGER_PORT', '65536', 'a port from 1 to 65535'],
    ['WHARFINGER_PORT', '-1', 'a port from 1 to 65535'],
    ['WHARFINGER_PORT', '80.5', 'a port from 1 to 65535'],
    ['WHARFINGER_PORT', 'http', 'a port from 1 to 65535'],
    ['WHARFINGER_PORT', '0x50', 'a port from 1 to 65535'],
    ['WHARFINGER_PORT', '1e3', 'a port from 1 to 65535'],
    ['WHARFINGER_PORT', ' ', 'a port from 1 to 65535'],
    ['WHARFINGER_ALLOWED_HOSTS', 'ports.example:8443', 'without scheme or port'],
    ['WHARFINGER_ALLOWED_HOSTS', 'a.example,https://b.example', 'without scheme or port'],
    ['WHARFINGER_DATA_DIR', 'a\0b', 'a directory'],
    ['WHARFINGER_HOSTNAME', 'my laptop', 'without spaces'],
    ['WHARFINGER_HOSTNAME', 'quay\u202E', 'without spaces'],
    ['WHARFINGER_HOSTNAME', 'x'.repeat(254), 'at most 253'],
    ['DEV_PORT_START', '0', 'a port from 1 to 65535'],
    ['DEV_PORT_END', 'last', 'a port from 1 to 65535'],
    ['TEST_PORT_START', '65536', 'a port from 1 to 65535'],
    ['TEST_PORT_END', '7000.5', 'a port from 1 to 65535'],
    ['PROD_PORT_START', '-9000', 'a port from 1 to 65535'],
    ['PROD_PORT_END', 'NaN', 'a port from 1 to 65535'],
    ['DEV_PORT_START', '9500', 'DEV_PORT_END'],
    ['DEV_PORT_END', '9000', 'must not overlap'],
    ['TEST_PORT_END', '8000', 'must not overlap'],
    ['PROD_PORT_START', '8999', 'must not overlap'],
    ['RESERVED_PORTS', '3000;5432', 'separated by commas'],
    ['RESERVED_PORTS', '3000,65536', 'separated by commas'],
    ['PORT_ALLOCATION_STRATEGY', 'Random', 'sequential or random'],
    ['PORT_UTILIZATION_ALERT', '0', 'a share'],
    ['PORT_UTILIZATION_ALERT', '80', 'a share'],
    ['PORT_CLEANUP_MISSES', '0', 'scans'],
    ['PORT_CLEANUP_MISSES', '1.5', 'scans'],
    ['PORT_INACTIVE_DAYS', '0', 'days'],
    ['PORT_HISTORY_DAYS', 'never', 'days'],
    ['PORT_HISTORY_DAYS', '0.99', 'days, from 1'],
    ['PORT_HISTORY_DAYS', '3651', 'to 3650'],
    ['PORT_SCAN_SECONDS', '0', 'seconds'],
    ['PORT_AUTO_CLEANUP', 'yes', 'true or false'],
    ['PORT_QUARANTINE_SECONDS', '-1', 'seconds'],
    ['PORT_QUARANTINE_SECONDS', '5m', 'seconds'],
    ['PORT_QUARANTINE_SECONDS', 'Infinity', 'seconds'],
    ['PORT_QUARANTINE_SECONDS', ' ', 'seconds'],
    ['WHARFINGER_DURABILITY', 'none', 'full or relaxed'],
  ])('refuses %s=%j in one line that says what it takes', (variable, value, takes) => {
    const message = refusal({ [variable]: value });
    expect(message).toContain(variable);
    expect(message).toContain(value.trim().replace(/[\0\u202E]/, '�'));
    expect(message).toContain(takes);
    expect(message).not.toMatch(/[\n\r\0]/);
  });

  it.each([
    ['WHARFINGER_TOKEN', 'two words'],
    ['WHARFINGER_TOKEN', 'schlüssel'],
    ['WHARFINGER_DATABASE_URL', 'mysql://scar:two words@localhost'],
    ['WHARFINGER_DATABASE_URL', 'localhost:5432'],
    ['WHARFINGER_DATABASE_URL', 'http://\xc3'],
  ])('refuses %s=%j without showing it', (variable, value) => {
    const message = refusal({ [variable]: value });
    expect(message).toMatch(new RegExp(`^${variable}=… does not fit: it takes `));
    expect(message).not.toContain(value);
  });

  it.each([
    [{ host: 'a host' }, '--host'],
    [{ port: '99999' }, '--port'],
    [{ dataDir: '\0' }, '--data-dir'],
    [{ databaseUrl: 'http://localhost' }, '--database-url'],
    [{ hostname: 'my laptop' }, '--hostname'],
  ])('refuses the flag %j by its name', (flags, name) => {
    expect(refusal({}, flags)).toMatch(new RegExp(`^${name}=.* does not fit: it takes `));
  });
});
