/** Run as a process: takes the lock of a data directory, says so, and keeps it until it is killed. */
import { lockDirectory } from '../../src/storage/embedded/directory-lock.ts';

const [directory = ''] = process.argv.slice(2);
await lockDirectory(directory);
console.log('locked');
setInterval(() => {}, 60_000);
