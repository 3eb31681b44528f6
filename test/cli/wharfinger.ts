import { realpath } from 'node:fs/promises';
import { type Exit, spawnCommand } from '../support/spawned-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A worktree's directory at which commands are given. */
export interface Wharfside {
  readonly path: string;
  /** Runs `wharfinger` there and waits for its end. */
  wharfinger(...args: string[]): Promise<Exit>;
  /** The same with `--json`: what it printed, which the caller knows. */
  json<Result>(...args: string[]): Promise<Result>;
}

/** A directory of its own, outside git unless one is given, from which a server is asked. */
export async function wharfside(
  { url }: { readonly url: string },
  directory?: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Wharfside> {
  const path = await realpath(directory ?? (await temporaryDirectory()));
  const wharfinger = (...args: string[]) => spawnCommand(args, { WHARFINGER_URL: url, ...env }, path).exited;
  return {
    path,
    wharfinger,
    async json<Result>(...args: string[]) {
      const { stdout, stderr } = await wharfinger(...args, '--json');
      if (!stdout) throw new Error(`It printed nothing but ${stderr}`);
      return JSON.parse(stdout) as Result;
    },
  };
}
