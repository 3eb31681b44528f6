/** Run as a process: opens a data directory and allocates port after port, saying each once it is committed. */
import { pino } from 'pino';
import { createPathResolver } from '../../src/observer/paths/path-resolver.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { allocate, openRegistry, worktree } from './registry.ts';

const [dataDirectory = ''] = process.argv.slice(2);
const log = pino({ level: 'silent' });
const database = await openDatabase({ dataDirectory, databaseUrl: undefined, log, damaged: () => {} });
const registry = openRegistry(database, { paths: createPathResolver() });
for (let n = 0; ; n++) {
  const { port } = await allocate(registry, `service-${n}`, { owner: worktree('/wt/a') }); // each when the last is committed
  console.log(port);
}
