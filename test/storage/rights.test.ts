import { execFile } from 'node:child_process';
import { chmod, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { startChild } from '../support/child.ts';
import { expectWhole, filled } from './filled-directory.ts';

const execute = promisify(execFile);

/** Each opens a database, in a process of its own too. */
vi.setConfig({ testTimeout: 60_000 });

/** Opens a data directory as a user who is not root, and answers what came of it. */
const openAsUser = (dataDirectory: string) => startChild('open-directory.ts', dataDirectory).line();

describe.skipIf(process.platform === 'win32')('an embedded database that this user may not use', () => {
  it.each([
    ['its directory', 'database', 0],
    ['a directory in it, to be read', 'database/base', 0],
    ['a directory in it, to be written', 'database/pg_wal', 0o500],
    ['a file in it, to be read', 'database/global/pg_control', 0],
    ['a file in it, to be written', 'database/global/pg_control', 0o400],
    ['the record of when it was written', 'database.json', 0],
  ])('is not rebuilt, and the message says where and what to do: %s', async (_what, name, mode) => {
    const { place, rows, dataDirectory } = await filled();
    if (process.getuid?.() === 0) await execute('chown', ['-R', '65534:65534', dirname(dataDirectory)]);
    const path = join(dataDirectory, name);
    const { mode: former } = await stat(path);
    await chmod(path, mode);
    const files = await readdir(dataDirectory);

    expect(await openAsUser(dataDirectory)).toBe(
      `The registry cannot write to ${path}: this user may not read and write there (EACCES). Change its owner or its permissions (chown -R, chmod -R u+rwX), then try again.`,
    );

    expect(await readdir(dataDirectory)).toEqual(files);
    await chmod(path, former);
    expect(await expectWhole(place, rows)).toEqual([]);
  });
});
