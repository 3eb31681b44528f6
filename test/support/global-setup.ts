import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/storage/open.ts';
import { startPostgresql } from './postgresql-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's URL of the PostgreSQL server on which tests create databases. */
    postgresqlUrl: string;
    /** An empty, migrated and closed data directory: tests copy it, which is faster than creating one. */
    embeddedTemplate: string;
  }
}

/** Runs once for all test files: TEST_DATABASE_URL names a server to use instead of one of our own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const templateHome = await mkdtemp(join(tmpdir(), 'wharfinger-template-'));
  const embeddedTemplate = join(templateHome, 'data');
  const own = process.env.TEST_DATABASE_URL ? undefined : startPostgresql();
  const teardown = async () => {
    await (await own)?.dispose();
    await rm(templateHome, { recursive: true, force: true });
  };
  try {
    await createTemplate(embeddedTemplate);
    project.provide('embeddedTemplate', embeddedTemplate);
    project.provide('postgresqlUrl', (await own)?.url ?? process.env.TEST_DATABASE_URL ?? '');
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}

async function createTemplate(dataDirectory: string): Promise<void> {
  const log = pino({ level: 'silent' });
  const database = await openDatabase({ dataDirectory, databaseUrl: undefined, log, damaged: () => {} });
  await database.close();
}
