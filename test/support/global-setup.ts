import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pino } from 'pino';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { createCluster } from '../../src/storage/embedded/pglite.ts';
import { type DatabaseOptions, openDatabase } from '../../src/storage/open.ts';
import { copyDirectory } from './copy-directory.ts';
import { databaseHome } from './database-home.ts';
import { databaseUrl, runSql, startPostgresql } from './postgresql-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's URL of the PostgreSQL server on which tests create databases. */
    postgresqlUrl: string;
    /** The name of an empty and migrated database there, to which nobody connects: tests copy it. */
    postgresqlTemplate: string;
    /** An empty cluster, as PGlite makes it. */
    clusterTemplate: string;
    /** An empty, migrated and closed data directory: tests copy it, which is faster than creating one. */
    embeddedTemplate: string;
    /** The program that asks file systems, as JavaScript: to run the TypeScript takes a second of each test file. */
    pathProgram: string;
  }
}

/** Runs once for all test files: TEST_DATABASE_URL names a server to use instead of one of our own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cleanups: Cleanups = [];
  const teardown = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup(); // each may need those before it
  };
  try {
    const clusterTemplate = await createClusterTemplate(cleanups);
    project.provide('clusterTemplate', clusterTemplate);
    project.provide('embeddedTemplate', await createEmbeddedTemplate(clusterTemplate, cleanups));
    project.provide('pathProgram', await buildPathProgram(cleanups));
    const url = process.env.TEST_DATABASE_URL || (await startServer(cleanups));
    project.provide('postgresqlUrl', url);
    project.provide('postgresqlTemplate', await createPostgresqlTemplate(url, cleanups));
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}

type Cleanups = (() => Promise<void>)[];

async function startServer(cleanups: Cleanups): Promise<string> {
  const { url, dispose } = await startPostgresql();
  cleanups.push(dispose);
  return url;
}

async function createPostgresqlTemplate(server: string, cleanups: Cleanups): Promise<string> {
  const name = `wharfinger_template_${randomUUID().replaceAll('-', '')}`;
  await runSql(server, `CREATE DATABASE ${name}`);
  cleanups.push(() => runSql(server, `DROP DATABASE ${name} WITH (FORCE)`));
  await migrateOnce({ databaseUrl: databaseUrl(server, name) });
  return name;
}

async function createClusterTemplate(cleanups: Cleanups): Promise<string> {
  const cluster = join(await temporaryHome(cleanups), 'cluster');
  await createCluster(cluster);
  await dropTemplates(cluster);
  return cluster;
}

async function createEmbeddedTemplate(clusterTemplate: string, cleanups: Cleanups): Promise<string> {
  const dataDirectory = join(await temporaryHome(cleanups), 'data');
  await migrateOnce({ dataDirectory, createCluster: (directory) => copyDirectory(clusterTemplate, directory) });
  return dataDirectory;
}

async function temporaryHome(cleanups: Cleanups): Promise<string> {
  const home = await mkdtemp(join(databaseHome, 'wharfinger-template-'));
  cleanups.push(() => rm(home, { recursive: true, force: true }));
  return home;
}

async function buildPathProgram(cleanups: Cleanups): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'wharfinger-program-'));
  cleanups.push(() => rm(outDir, { recursive: true, force: true }));
  const rolldownOptions = { output: { entryFileNames: 'child.mjs' } };
  await build({
    configFile: false,
    logLevel: 'silent',
    build: { ssr: 'src/observer/paths/child.ts', outDir, rolldownOptions },
  });
  return join(outDir, 'child.mjs');
}

async function migrateOnce(options: Partial<DatabaseOptions>): Promise<void> {
  const log = pino({ level: 'silent' });
  const database = await openDatabase({
    dataDirectory: '',
    databaseUrl: undefined,
    log,
    damaged: () => {},
    ...options,
  });
  await database.close();
}

/** PGlite never connects to the two databases that initdb makes beside its own, and they are two thirds of the files to copy. */
async function dropTemplates(cluster: string): Promise<void> {
  const pglite = await PGlite.create({ dataDir: cluster });
  await pglite.exec('UPDATE pg_database SET datistemplate = false');
  for (const name of ['template0', 'template1']) await pglite.exec(`DROP DATABASE ${name}`); // one statement each
  await pglite.close();
}
