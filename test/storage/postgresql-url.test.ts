import { describe, expect, it } from 'vitest';
import { InvalidPostgresqlUrl } from '../../src/storage/postgresql/invalid-url.ts';
import { parsePostgresqlUrl, parseRegistryUrl, withDefaultSslMode } from '../../src/storage/postgresql/url.ts';

const serversOf = (url: string) => parsePostgresqlUrl(url).servers.map(({ host, port }) => [host, port]);

describe('the servers of a URL', () => {
  it.each([
    ['postgres://localhost', [['localhost', undefined]]],
    ['postgresql://me:secret@db.example:6432/team', [['db.example', 6432]]],
    ['postgres://a,b:5433/db', [['a', undefined], ['b', 5433]]], // biome-ignore format: one case a line
    ['postgres://me@[::1]:5433,10.0.0.1/db', [['::1', 5433], ['10.0.0.1', undefined]]], // biome-ignore format: one case a line
    ['postgres:///db?host=/var/run/postgresql', [['/var/run/postgresql', undefined]]],
    ['postgres://%2Fvar%2Frun%2Fpostgresql:5433/db', [['/var/run/postgresql', 5433]]],
    ['postgres:///db?host=a,b&port=1,2', [['a', 1], ['b', 2]]], // biome-ignore format: one case a line
    ['postgres:///db?host=a,b&port=7', [['a', 7], ['b', 7]]], // biome-ignore format: one case a line
    ['postgres:///db', [[undefined, undefined]]],
  ])('%s', (url, servers) => {
    expect(serversOf(url)).toEqual(servers);
  });
});

describe('what a URL says', () => {
  it('is read as libpq reads it', () => {
    const url =
      'postgres://a%40b:p%2Fw%3A+@h/d%20b?application_name=quay&connect_timeout=7&options=-c%20work_mem%3D8MB';
    expect(parsePostgresqlUrl(url)).toMatchObject({
      user: 'a@b',
      password: 'p/w:+',
      database: 'd b',
      applicationName: 'quay',
      connectTimeoutMs: 7_000,
      options: '-c work_mem=8MB',
    });
    expect(parsePostgresqlUrl('postgres://h/x?user=me&password=p&dbname=y')).toMatchObject({
      user: 'me',
      password: 'p',
      database: 'y',
    });
  });

  it('is shown without user, password and parameters', () => {
    const url = 'postgres://me:hunter2@a:1,[::1]:2/team?password=hunter3';
    expect(parsePostgresqlUrl(url).location).toBe('postgresql://a:1,[::1]:2/team');
  });

  it.each([
    ['', 'prefer'],
    ['?sslmode=disable', 'disable'],
    ['?sslmode=allow', 'allow'],
    ['?sslmode=require', 'require'],
    ['?sslmode=require&sslrootcert=ca.pem', 'verify-ca'],
    ['?sslmode=verify-ca&sslrootcert=ca.pem', 'verify-ca'],
    ['?sslmode=verify-full', 'verify-full'],
    ['?ssl=true', 'verify-full'],
    ['?sslmode=no-verify', 'require'],
  ])('%j means sslmode %s', (query, mode) => {
    expect(parsePostgresqlUrl(`postgres://h/db${query}`).tls.mode).toBe(mode);
  });

  it('takes the sslmode of the environment where it has none', () => {
    expect(withDefaultSslMode('postgres://h/db', 'verify-full')).toBe('postgres://h/db?sslmode=verify-full');
    expect(withDefaultSslMode('postgres://h/db?sslmode=disable', 'verify-full')).toBe(
      'postgres://h/db?sslmode=disable',
    );
    expect(withDefaultSslMode('postgres://h/db', undefined)).toBe('postgres://h/db');
  });
});

describe('a URL that cannot be used is refused, by name and without its password:', () => {
  it.each([
    ['mysql://me:hunter2@h/db', /takes a URL such as/],
    ['postgres://me:hunter2/@h/db', /%40, %2F, %3F and %23/],
    ['postgres://me:1/hunter2@h/db', /%40, %2F/],
    ['postgres://me:1?hunter2@h/db', /%40, %2F/],
    ['postgres://me:1#hunter2@h/db', /%40, %2F/],
    ['postgres://me:hunter2%@h/db', /takes a URL such as/],
    ['postgres://me:hunter2@h/db?sslmode=requir', /an sslmode of disable, allow, .*; requir is unknown/],
    ['postgres://me:hunter2@h/db?sslmode=verify-ca', /an sslrootcert with sslmode=verify-ca/],
    ['postgres://me:hunter2@h/db?sslrootcert=ca.pem', /an sslmode beside sslrootcert/],
    ['postgres://me:hunter2@h/db?sslmdoe=verify-full', /without the parameter sslmdoe, which is not supported/],
    ['postgres://me:hunter2@h/db?channel_binding=require', /without the parameter channel_binding/],
    ['postgres://me:hunter2@h:70000/db', /a port from 1 to 65535/],
    ['postgres://me:hunter2@a,b,c/db?port=1,2', /one port for all of its hosts, or one for each/],
    ['postgres://me:hunter2@a b/db', /hosts have no spaces/],
    ['postgres://me:hunter2@a:b:c/db', /written as host:port or \[::1\]:port/],
    ['postgres://me:hunter2@h/db?connect_timeout=0', /a connect_timeout from 1 to 60 seconds/],
    ['postgres://me:hunter2@h/db?target_session_attrs=write', /a target_session_attrs of any, read-write/],
  ])('%s', (url, takes) => {
    expect(() => parsePostgresqlUrl(url)).toThrow(InvalidPostgresqlUrl);
    expect(() => parsePostgresqlUrl(url)).toThrow(takes);
    expect(() => parsePostgresqlUrl(url)).not.toThrow(/hunter2/);
  });

  it('one that asks for servers that cannot be written, for a registry', () => {
    expect(() => parseRegistryUrl('postgres://a,b/db?target_session_attrs=standby')).toThrow(/read-write/);
    expect(parseRegistryUrl('postgres://a,b/db?target_session_attrs=read-write').servers).toHaveLength(2);
  });
});
