import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { DatabaseUnavailable, isUnavailable } from '../../src/storage/database-error.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { postgresql } from '../support/databases.ts';
import { freePort, runSql } from '../support/postgresql-server.ts';
import { allocate, openRegistry } from '../support/registry.ts';

/** A database without a registry, and a role that may do nothing there but log in. */
async function strange() {
  const role = `app_${randomUUID().replaceAll('-', '')}`;
  // After the database, in which it owns something.
  onTestFinished(() => runSql(inject('postgresqlUrl'), `DROP ROLE ${role}`));
  const { url: admin = '' } = await postgresql.create();
  const sql = (script: string) => runSql(admin, script);
  await sql(`DROP SCHEMA wharfinger CASCADE; CREATE ROLE ${role} LOGIN PASSWORD 'hunter2'`);
  const url = Object.assign(new URL(admin), { username: role, password: 'hunter2' });
  const open = async (databaseUrl = url.toString()) => {
    const log = pino({ level: 'silent' });
    const database = await openDatabase({ dataDirectory: '', databaseUrl, log, damaged: () => {} });
    onTestFinished(() => database.close());
    return database;
  };
  return { sql, role, admin, url, name: url.pathname.slice(1), open };
}

/** The message of a start that fails, which never has the password. */
async function refusal(opening: Promise<unknown>): Promise<string> {
  const error = await opening.then(
    () => new Error('it opened'),
    (error: Error) => error,
  );
  expect(error.message).not.toContain('hunter2');
  return error.message;
}

describe('a role that may not create in the database', () => {
  it('works in a schema that was made for it', async () => {
    const { sql, role, open } = await strange();
    await sql(`CREATE SCHEMA wharfinger AUTHORIZATION ${role}`);

    const { port } = await allocate(openRegistry(await open()), 'web');

    expect(port).toBe(8_000);
  });

  it('is told the statement that makes the schema', async () => {
    const { sql, role, open, name } = await strange();
    const statement = `CREATE SCHEMA wharfinger AUTHORIZATION ${role};`;

    const message = await refusal(open());

    expect(message).toContain(
      `(permission denied for database ${name}): have somebody with the rights run ${statement}`,
    );
    await sql(statement);
    await expect(open()).resolves.toBeDefined();
  });

  it('is told the statement that lets it into a schema of somebody else', async () => {
    const { sql, role, open } = await strange();
    await sql('CREATE SCHEMA wharfinger');
    const statement = `GRANT USAGE, CREATE ON SCHEMA wharfinger TO ${role};`;

    const message = await refusal(open());

    expect(message).toContain(
      `(permission denied for schema wharfinger): have somebody with the rights run ${statement}`,
    );
    await sql(statement);
    await expect(open()).resolves.toBeDefined();
  });
});

describe('a role that may use tables of another owner', () => {
  it('gets a message that names the owner, and the GRANT that lets it migrate them', async () => {
    const { sql, role, admin, open } = await strange();
    await open(admin);
    await sql(`GRANT USAGE, CREATE ON SCHEMA wharfinger TO ${role}`);
    await sql(`GRANT ALL ON ALL TABLES IN SCHEMA wharfinger TO ${role}`);
    expect(await allocate(openRegistry(await open()), 'web')).toMatchObject({ port: 8_000 });
    await sql('ALTER TABLE wharfinger.host DROP COLUMN history_time');
    await sql(`DELETE FROM wharfinger._prisma_migrations WHERE migration_name LIKE '%_history_time'`);
    const owner = new URL(admin).username;
    const statement = `GRANT ${owner} TO ${role};`;

    expect(await refusal(open())).toBe(
      `The registry's tables cannot be migrated (must be owner of table host): start this version once with the login of ${owner}, or have somebody with the rights run ${statement}`,
    );

    await sql(statement);
    await expect(open()).resolves.toBeDefined();
  });
});

describe('a start that fails says what the database said, and what to do:', () => {
  it.each<[what: string, change: (place: Awaited<ReturnType<typeof strange>>) => unknown, words: RegExp]>([
    [
      'a wrong password',
      ({ url }) => Object.assign(url, { password: 'other' }),
      /refuses the login \(password authentication failed for user "app_\w+"\): check the user and the password/,
    ],
    [
      'no password',
      ({ url }) => Object.assign(url, { password: '' }),
      /asks for a password \(.*\): put it into the URL or PGPASSWORD/,
    ],
    [
      'a database that does not exist',
      ({ url }) => Object.assign(url, { pathname: '/none_of_the_name' }),
      /has no such database \(database "none_of_the_name" does not exist\): create it/,
    ],
    [
      'a role without connections',
      ({ sql, role }) => sql(`ALTER ROLE ${role} CONNECTION LIMIT 0`),
      /has no connection left \(too many connections for role "app_\w+"\): raise max_connections/,
    ],
    [
      'a role that may not connect',
      ({ sql, name }) => sql(`REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC`),
      /does not let this role connect \(permission denied for database .*\): grant it CONNECT/,
    ],
    [
      'a database that is read-only',
      ({ sql, name }) => sql(`ALTER DATABASE ${name} SET default_transaction_read_only = on`),
      /takes no writes \(default_transaction_read_only is on .*\): name the primary/,
    ],
    [
      'TLS that the server does not speak',
      ({ url }) => url.searchParams.set('sslmode', 'require'),
      /cannot be spoken to over TLS .*\(The server does not support SSL connections\): check its sslmode/,
    ],
    [
      'a certificate that cannot be read',
      ({ url }) => Object.assign(url, { search: '?sslmode=verify-full&sslrootcert=/src/nowhere.crt' }),
      /^The file that sslrootcert .* cannot be read \(ENOENT.*\/src\/nowhere.crt'\): check its path/,
    ],
    [
      'nobody who listens',
      async ({ url }) => Object.assign(url, { host: `localhost:${await freePort()}` }),
      /does not answer \(.*ECONNREFUSED .*\): start it/,
    ],
  ])('%s', async (_what, change, words) => {
    const place = await strange();
    await change(place);

    expect(await refusal(place.open(place.url.toString()))).toMatch(words);
  });

  it('several servers, each by its name', async () => {
    const [one, other] = [await freePort(), await freePort()];
    const { open } = await strange();

    const message = await refusal(open(`postgresql://127.0.0.1:${one},127.0.0.1:${other}/db`));

    expect(message).toMatch(
      new RegExp(`at postgresql://127.0.0.1:${one},127.0.0.1:${other}/db does not answer .*:${one}: .*; .*:${other}: `),
    );
  });
});

describe('a login that is refused while the server runs', () => {
  it('is unavailable, for reads too, and clients are told no more than its kind', async () => {
    const { sql, role, open } = await strange();
    await sql(`CREATE SCHEMA wharfinger AUTHORIZATION ${role}`);
    const database = await open();
    await sql(`ALTER ROLE ${role} NOLOGIN`);
    await sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`);

    // Whichever of its connections have not noticed yet fail once more.
    await expect(database.query('SELECT 1')).rejects.toThrow(DatabaseUnavailable);
    await expect
      .poll(() => database.query('SELECT 1').catch(({ message }: Error) => message))
      .toBe("The registry database refuses the server's login; ask who runs the server to look into its log.");
    expect(await database.prisma.host.count().catch(isUnavailable)).toBe(true);
    await sql(`ALTER ROLE ${role} LOGIN`);
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
