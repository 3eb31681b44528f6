import { spawnSync } from 'node:child_process';

/** What a program prints that is given a text, and no environment but where programs are; fails where it does. */
export function runText(program: string, parameters: readonly string[], input: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, parameters, { input, encoding: 'utf8', env: {} });
  if (error) throw error;
  if (status !== 0 || stderr !== '') throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout;
}
