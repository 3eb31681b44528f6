/** Run as a process: opens a data directory, not as root but as nobody, says what came of it, and ends. */
import { pino } from 'pino';
import { openDatabase } from '../../src/storage/open.ts';

const [dataDirectory = ''] = process.argv.slice(2);
if (process.getuid?.() === 0) {
  process.setgroups?.([]);
  process.setgid?.(65_534);
  process.setuid?.(65_534);
}
const log = pino({ level: 'silent' });
const opening = openDatabase({ dataDirectory, databaseUrl: undefined, durability: 'full', log, damaged: () => {} });
const said = await opening.then(
  (database) => database.close().then(() => 'opened'),
  (error: Error) => error.message,
);
console.log(said);
process.exit();
