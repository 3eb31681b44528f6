import { EventEmitter } from 'node:events';
import { type Flags, loadConfig } from '../config.ts';
import { start } from '../server/start.ts';
import { fail } from './fail.ts';
import { createLogger } from './logger.ts';

/** Running requests have 10 s, and the database a little more. */
const endTimeoutMs = 13_000;

/** What keeps the process once everything is closed is a file system that does not answer, or a database that could not be opened. */
const lingerMs = 1_000;

/** Serves until it is interrupted, or the database is damaged. */
export async function serve(flags: Flags): Promise<void> {
  try {
    const config = loadConfig(process.env, flags);
    const log = createLogger();
    // A closed terminal or pipe ends the log, not the server.
    process.stdout.on('error', () => {});
    const reasons = new EventEmitter<{ stop: [why: string] }>();
    const server = await start(config, log, () => {
      process.exitCode = 1;
      reasons.emit('stop', 'damage to the database');
    });
    reasons.once('stop', (why) => {
      log.info(`stopping after ${why}`);
      // Asked twice, or kept waiting by a database that does not answer, it ends all the same.
      reasons.once('stop', () => end(1));
      setTimeout(() => {
        log.warn('not everything ended in time');
        end(1);
      }, endTimeoutMs).unref();
      server.close().then(() => {
        log.info('stopped');
        endSoon();
      }, fail);
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => reasons.emit('stop', signal));
  } catch (error) {
    fail(error);
    endSoon();
  }
}

const endSoon = () => setTimeout(() => end(process.exitCode), lingerMs).unref();

/** Ends the process at once. To exit would wait for a thread that asks a file system which does not answer. */
function end(code: typeof process.exitCode): void {
  const isStuck = process.getActiveResourcesInfo().some((each) => each.startsWith('FSReq'));
  if (isStuck) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}
