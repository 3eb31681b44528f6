/** Ends a command with one line on standard error and the exit code 1. */
export function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`wharfinger: ${message.replaceAll(/\s*\n\s*/g, ' ')}\n`);
  process.exitCode = 1;
}
