import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A directory in the form of /proc, for what real processes cannot be made to do. */
export interface FakeProc {
  readonly path: string;
  /** Lists these inodes as listening on IPv4, on ports from 8000 on. */
  listen(...inodes: number[]): Promise<void>;
  /** A process that has the sockets of these inodes open. */
  start(processId: number, ...inodes: number[]): Promise<void>;
  end(processId: number): Promise<void>;
  write(file: string, text: string): Promise<void>;
}

export async function fakeProc(): Promise<FakeProc> {
  const path = await temporaryDirectory();
  await mkdir(join(path, 'net'));
  const line = (inode: number, index: number) =>
    `   ${index}: 0100007F:${(8_000 + index).toString(16).toUpperCase()} 00000000:0000 0A 0:0 00:0 0  0  0 ${inode} 1\n`;
  return {
    path,
    listen: (...inodes) => writeFile(join(path, 'net/tcp'), `  sl  local_address\n${inodes.map(line).join('')}`),
    async start(processId, ...inodes) {
      const directory = join(path, String(processId));
      await mkdir(join(directory, 'fd'), { recursive: true });
      await writeFile(join(directory, 'comm'), `program${processId}\n`);
      await symlink('/dev/null', join(directory, 'fd/0'));
      await Promise.all(inodes.map((inode, at) => symlink(`socket:[${inode}]`, join(directory, `fd/${at + 1}`))));
    },
    async write(file, text) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), text);
    },
    end: (processId) => rm(join(path, String(processId)), { recursive: true }),
  };
}
