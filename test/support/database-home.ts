import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Linux keeps in memory what lies there. https://man7.org/linux/man-pages/man7/shm_overview.7.html */
const inMemory = '/dev/shm';
/** What the databases of all tests that run at once may take there, in bytes. */
const neededBytes = 4 * 2 ** 30;

/** Where databases lie, each of which a test copies and deletes: in memory, where there is room, that takes a fifth of the time. */
export const databaseHome: string = process.env.TMPDIR || !hasRoom() ? tmpdir() : inMemory;

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(inMemory);
    return bavail * bsize >= neededBytes;
  } catch {
    return false; // other systems have none
  }
}
