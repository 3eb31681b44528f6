#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { fail } from './fail.ts';
import { createProgram } from './program.ts';

// What reads the output may stop reading: that is no failure. Nobody is left to tell where standard error is gone.
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') fail(new Error(`Standard output cannot be written: ${error.message}.`, { cause: error }));
  process.exit();
});

try {
  await createProgram().parseAsync();
} catch (error) {
  // Commander has said what is wrong, or printed the help that was asked for.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  else fail(error);
}
