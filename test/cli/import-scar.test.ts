import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { readScarDatabase } from '../../src/cli/scar-database.ts';
import type { ImportReport } from '../../src/client/client.ts';
import { embedded, postgresql } from '../support/databases.ts';
import { freePort, runSql } from '../support/postgresql-server.ts';
import { shareServer, startServer } from '../support/server.ts';
import { issue, scarRows, scarTables, shop, uuid } from './scar-tables.ts';
import { wharfside } from './wharfinger.ts';

/** A database of SCAR's that holds what the scripts say. */
async function scarDatabase(...scripts: readonly string[]): Promise<string> {
  const { url = '' } = await postgresql.create();
  for (const script of scripts) await runSql(url, script); // in their order
  return url;
}

const told = ({ rows }: ImportReport) => rows.map(({ line, port, outcome }) => [line, port, outcome]);

describe("import of SCAR's database", { timeout: 120_000 }, () => {
  it('registers what is held, once, with its codebases, worktrees and conversations', async () => {
    const server = await startServer({ database: await embedded.open() });
    const url = await scarDatabase(scarTables, scarRows);
    const { wharfinger, json } = await wharfside(server, undefined, { SCAR_DATABASE_URL: url });

    const dry = await json<ImportReport>('import', 'scar-db', '--dry-run');
    expect(dry).toMatchObject({ dryRun: true, applied: false });
    expect(told(dry)).toEqual([
      [1, null, 'CREATED'],
      [2, 7_001, 'CREATED'],
      [3, 8_001, 'CREATED'],
      [4, 9_001, 'CREATED'],
      [5, 9_002, 'CREATED'],
    ]);
    expect(await json('import', 'scar-db', '--atomic')).toMatchObject({ applied: true, created: 5, unchanged: 0 });
    expect(await json('import', '--dry-run', 'scar-db', url)).toMatchObject({ dryRun: true, unchanged: 5 });
    const again = await wharfinger('import', 'scar-db', url);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout.match(/\tunchanged\t/g)).toHaveLength(5);

    const exported = JSON.parse((await json<{ content: string }>('export')).content);
    expect(exported.codebases).toEqual([
      {
        id: shop,
        name: 'shop',
        repositoryUrl: 'https://x/shop',
        defaultCwd: '/src/shop',
        servicePorts: {},
        createdAt: expect.stringMatching(/^2025-11-01T/),
      },
    ]);
    expect(exported.worktrees).toMatchObject([{ path: '/src/wt/shop/issue-12', codebaseId: shop }]);
    expect(exported.allocations).toMatchObject([
      {
        port: 7_001,
        environment: 'test',
        conversationId: issue,
        metadata: { scar: { id: uuid(3), status: 'allocated' } },
      },
      {
        port: 8_001,
        serviceName: 'shop-issue-12',
        environment: 'dev',
        worktreePath: '/src/wt/shop/issue-12',
        codebaseId: shop,
        conversationId: issue,
      },
      {
        port: 9_001,
        environment: 'production',
        codebaseId: shop,
        description: 'the "main" app',
        metadata: { scar: { status: 'active', processId: 4_711 } },
      },
      { port: 9_002, environment: 'dev', worktreePath: '/src/wt/shop/issue-12' },
    ]);
  });

  it('takes the tables of other versions as far as they go', async () => {
    const server = await startServer({ database: await embedded.open() });
    const newer = await scarDatabase(
      scarTables,
      scarRows,
      `ALTER TABLE remote_agent_port_allocations
         DROP CONSTRAINT valid_port_range, DROP CONSTRAINT remote_agent_port_allocations_codebase_id_fkey,
         DROP CONSTRAINT remote_agent_port_allocations_environment_check,
         ADD COLUMN tunnel TEXT, ALTER COLUMN allocated_at TYPE TIMESTAMPTZ;
       ALTER TABLE remote_agent_conversations DROP COLUMN worktree_path;
       CREATE TABLE remote_agent_isolation_environments (id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
         codebase_id UUID, working_path TEXT, branch_name TEXT, status TEXT, created_at TIMESTAMPTZ DEFAULT NOW());
       INSERT INTO remote_agent_isolation_environments (working_path, branch_name, status)
         VALUES ('/src/wt/shop/issue-12', 'old', 'destroyed'), ('/src/wt/shop/issue-12', 'issue-12', 'active'), ('/src/wt/none', 'none', 'active');
       INSERT INTO remote_agent_port_allocations (port, service_name, environment, codebase_id) VALUES
         (443, 'nginx', 'production', '${uuid(98)}'), (70000, 'none', 'dev', NULL), (8004, 'web', 'staging', NULL)`,
    );
    const { json } = await wharfside(server);
    const report = await json<ImportReport>('import', 'scar-db', newer);
    expect(told(report)).toEqual([
      [1, null, 'CREATED'],
      [2, null, 'CREATED'],
      [3, 443, 'CREATED'],
      [4, 7_001, 'CREATED'],
      [5, 8_001, 'CREATED'],
      [6, 8_004, 'INVALID'],
      [7, 9_001, 'CREATED'],
      [8, 9_002, 'CREATED'],
      [9, null, 'INVALID'],
    ]);
    const exported = JSON.parse((await json<{ content: string }>('export')).content);
    expect(exported.worktrees).toMatchObject([{ path: '/src/wt/shop/issue-12', branch: 'issue-12' }]);
    expect(exported.allocations[0]).toMatchObject({ port: 443, metadata: { scar: { codebaseId: uuid(98) } } });

    const older = await scarDatabase(
      `CREATE TABLE remote_agent_port_allocations (port INTEGER, service_name TEXT, codebase_id TEXT);
       INSERT INTO remote_agent_port_allocations VALUES (8443, 'proxy', 'shop'), (443, 'nginx', '')`,
    );
    const first = await json<ImportReport>('import', 'scar-db', older, '--host', 'pier');
    expect(told(first)).toEqual([
      [1, 443, 'CREATED'],
      [2, 8_443, 'CREATED'],
    ]);
    expect(first.rows.map(({ allocation }) => allocation?.environment)).toEqual(['PRODUCTION', 'DEV']);
  });

  it('says in a conflict who has the port', async () => {
    const server = await startServer({ database: await embedded.open() });
    const url = await scarDatabase(scarTables, scarRows);
    const { wharfinger } = await wharfside(server);
    await wharfinger('register', 'mine', '9001', 'production', '--conversation', 'c1');
    const { code, stdout } = await wharfinger('import', 'scar-db', url);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^4\t9001\tshop-main\tconflict\tPort 9001 .*"mine".*$/m);
  });
});

describe("SCAR's database", { timeout: 60_000 }, () => {
  const server = shareServer(embedded);

  it('is read only', async () => {
    const url = await scarDatabase(
      `CREATE TABLE touched (port INTEGER);
       CREATE FUNCTION touch() RETURNS INTEGER LANGUAGE sql VOLATILE AS 'INSERT INTO touched VALUES (1) RETURNING port';
       CREATE VIEW remote_agent_port_allocations AS SELECT touch() AS port, 'web' AS service_name`,
    );
    const { wharfinger } = await wharfside(server());
    const { code, stderr } = await wharfinger('import', 'scar-db', url);
    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot be read: .*read-only transaction.*\n$/);
  });

  const withParts = (url: string, parts: Partial<Pick<URL, 'host' | 'username' | 'password' | 'pathname'>>) =>
    Object.assign(new URL(url), parts).toString();

  it('that cannot be read is refused with what to do, and without its password', async () => {
    const username = `stranger_${randomUUID().replaceAll('-', '')}`;
    const url = await scarDatabase(
      'CREATE TABLE remote_agent_port_allocations (port INTEGER, service_name TEXT)',
      `CREATE ROLE ${username} LOGIN PASSWORD 'hunter2'`,
    );
    onTestFinished(() => runSql(inject('postgresqlUrl'), `DROP ROLE ${username}`));
    const cases = [
      [withParts(url, { password: 'hunter2' }), 'does not let you in (password authentication failed'],
      [withParts(url, { password: '' }), 'check user and password'],
      [withParts(url, { host: `127.0.0.1:${await freePort()}` }), 'does not answer at 127.0.0.1'],
      [withParts(url, { pathname: '/none_of_the_name' }), 'There is no database at 127.0.0.1'],
      [await scarDatabase('SELECT 1'), 'no table remote_agent_port_allocations'],
      [`${url}?sslmode=verify-full`, "check the URL's sslmode"],
      [withParts(url, { username, password: 'hunter2' }), 'may not be read by that user'],
      ['postgresql://scar:hunter2/@localhost/scar', 'it takes a URL such as'],
      ['postgresql://scar:1/hunter2@localhost/scar', 'it takes a URL such as'],
      ['mysql://scar:hunter2@localhost/scar', 'it takes a URL such as'],
      ['postgresql://scar:12#hunter2@localhost/scar', 'it takes a URL such as'],
      [`${url}?sslmode=verify-full&sslrootcert=/src/nowhere.crt`, 'sslrootcert of the database URL'],
    ] as const;
    const passwords = /hunter2|:password@/;
    const expectations = cases.map(async ([where, fact]) => {
      const refused = readScarDatabase(where);
      await expect(refused, fact).rejects.toThrow(fact);
      await expect(refused, fact).rejects.not.toThrow(passwords);
    });
    await Promise.all(expectations);
    const { wharfinger } = await wharfside(server());
    const exits = await Promise.all([cases[0], cases[7]].map(([where]) => wharfinger('import', 'scar-db', where)));
    expect(exits).toMatchObject([
      { code: 1, stdout: '' },
      { code: 2, stdout: '' },
    ]);
    for (const { stderr } of exits) {
      expect(stderr).toMatch(/^wharfinger: [^\n]*\n$/);
      expect(stderr).not.toMatch(passwords);
    }
  });

  it('must be said, while a file of the name is a file', async () => {
    const { wharfinger } = await wharfside(server(), undefined, { SCAR_DATABASE_URL: '' });
    const [unsaid, file] = await Promise.all([wharfinger('import', 'scar-db'), wharfinger('import', './scar-db')]);
    expect(unsaid).toMatchObject({ code: 2, stderr: expect.stringContaining('set SCAR_DATABASE_URL') });
    expect(file).toMatchObject({ code: 2, stderr: 'wharfinger: There is no file ./scar-db.\n' });
  });
});
