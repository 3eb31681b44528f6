import { RegistryError, RegistryUnauthorized, RegistryUnreachable } from '../client/errors.ts';
import { UsageError } from '../commands/usage-error.ts';
import { exitCodes } from './exit-codes.ts';
import { Interrupted } from './interruption.ts';
import { oneLine } from './text.ts';

/** The command line makes no sense, in a way that only a terminal's can; the message says what it takes. */
export class UsageMistake extends Error {
  override readonly name = 'UsageMistake';
}

/** Ends a command with a line or two on standard error and the exit code that the error stands for. */
export function fail(error: unknown): void {
  process.stderr.write(`wharfinger: ${oneLine(explain(error))}\n`);
  if (error instanceof UsageError) process.stderr.write(`Usage: wharfinger ${error.usage}\n`);
  process.exitCode = exitCodeOf(error);
  if (error instanceof Interrupted) process.exit(); // nobody waits for a request that is under way
}

/** What is wrong and what to do, for a person. */
export function explain(error: unknown): string {
  if (error instanceof RegistryUnreachable) {
    return `No registry answers at ${error.url} (${error.code}). Start it with \`wharfinger serve\`; if it runs elsewhere, set WHARFINGER_URL or give --url.`;
  }
  if (error instanceof RegistryUnauthorized) {
    return `The registry at ${error.url} does not let you in: set WHARFINGER_TOKEN, or give --token, as its server has it.`;
  }
  if (Object(error).syscall === 'uv_cwd') return 'The current directory is gone: go to one that exists.';
  if (error instanceof UsageError && error.nearest) return `${error.message} Did you mean ${error.nearest}?`;
  return error instanceof Error ? error.message : String(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return error.exitCode;
  if (error instanceof UsageMistake || error instanceof UsageError) return exitCodes.usage;
  if (error instanceof RegistryUnreachable || error instanceof RegistryUnauthorized) return exitCodes.unreachable;
  return error instanceof RegistryError && error.code === 'NOT_A_REGISTRY' ? exitCodes.unreachable : exitCodes.refused;
}
