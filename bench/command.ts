import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.ts';
import { type ServerUnderTest, serverEnvironment, smallRange } from './engines.ts';
import { type Row, row } from './row.ts';
import { median, rounds } from './statistics.ts';

const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const reportCost = fileURLToPath(new URL('./report-cost.cjs', import.meta.url));

interface Cost {
  /** From starting the process until it has ended. */
  readonly ms: number;
  readonly processorMs: number;
  /** The largest resident set. */
  readonly megabytes: number;
}

/** What one call of the CLI that asks the server costs, against a process of Node that does nothing. */
export async function measureCommand({ engine, sizes }: Bench, { url }: ServerUnderTest): Promise<Row[]> {
  const found = await rounds(sizes.command.rounds, async () => ({
    call: await costOf([program, 'check', String(smallRange.start), '--url', url]),
    nothing: await costOf(['--eval', '0']),
  }));
  const toRow = (name: string, unit: 'ms' | 'MB', figure: keyof Cost) =>
    row({
      name: `one CLI call, ${name}`,
      engine: engine.name,
      unit,
      value: median(found.map(({ call }) => call[figure])),
      baseline: { name: 'empty Node process', value: median(found.map(({ nothing }) => nothing[figure])) },
      ratio: median(found.map(({ call, nothing }) => call[figure] / nothing[figure])),
      bar: null,
    });
  return [toRow('time', 'ms', 'ms'), toRow('processor time', 'ms', 'processorMs'), toRow('memory', 'MB', 'megabytes')];
}

async function costOf(args: readonly string[]): Promise<Cost> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--require', reportCost, ...args], {
    env: serverEnvironment({}),
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const [[code], report] = await Promise.all([once(child, 'exit'), text(child.stdio[3] as NodeJS.ReadableStream)]);
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with code ${code}.`);
  return { ms: performance.now() - started, ...(JSON.parse(report) as Omit<Cost, 'ms'>) }; // of report-cost.cjs
}
