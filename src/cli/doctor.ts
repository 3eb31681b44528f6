import type { Command } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { addRegistryFlags, examplesHelp, withRegistry } from './registry-command.ts';
import type { PlaceFlags } from './session.ts';

const help = `
Looks at the server, its database, whether it sees the host's listeners, how full
the ranges are, open conflicts, and git. What is wrong comes with its remedy; then
the exit code is 1.
${examplesHelp(['doctor', 'doctor --json', 'doctor --url http://build-server:4280'])}`;

const marks = { ok: ['green', '✓'], warning: ['yellow', '!'], failed: ['red', '✗'] } as const;

export function addDoctor(program: Command): void {
  const doctor = program
    .command('doctor')
    .description('Say whether all is well, and what to do where it is not.')
    .addHelpText('after', help)
    .action(async (flags: PlaceFlags) => {
      await withRegistry(flags, async ({ client, output }) => {
        const { examine } = await import('./examine.ts');
        const checks = await examine(client, flags);
        const isWell = checks.every(({ status }) => status !== 'failed');
        if (flags.json) output.json({ ok: isWell, checks });
        else
          for (const { status, name, finding, remedy } of checks) {
            const [style, mark] = marks[status];
            output.line(`${output.paint(style, mark)} ${name.padEnd(10)} ${finding}`);
            if (remedy) output.line(`${' '.repeat(13)}${remedy}`);
          }
        if (!isWell) process.exitCode = exitCodes.refused;
      });
    });
  addRegistryFlags(doctor, { place: false });
}
