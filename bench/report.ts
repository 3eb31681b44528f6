import { cpus, totalmem } from 'node:os';
import type { EngineName } from './engines.ts';
import type { Bar, Row } from './row.ts';

/** What the figures were measured on. */
export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGigabytes: number;
  readonly postgresql: string;
}

/** A measurement that failed: its rows are missing. */
export interface Failure {
  readonly engine: EngineName;
  readonly what: string;
  readonly message: string;
}

export function describeMachine(postgresql: string): Machine {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    postgresql,
  };
}

/** The document of `--json`. */
export function toJson(machine: Machine, rows: readonly Row[], failures: readonly Failure[]): string {
  const ok = failures.length === 0 && rows.every((each) => each.ok);
  return `${JSON.stringify({ version: 1, machine, rows, failures, ok }, null, 2)}\n`;
}

/** The table, in Markdown, so that it can be kept as it is. */
export function toTable(machine: Machine, rows: readonly Row[], failures: readonly Failure[]): string {
  const head = ['', 'engine', 'value', 'measured against', 'ratio', 'bar', ''];
  const lines = rows.map((row) => [
    row.name,
    row.engine,
    figure(row.value, row.unit),
    row.baseline ? `${row.baseline.name}: ${figure(row.baseline.value, row.unit)}` : '–',
    row.ratio === null ? '–' : row.ratio < 0.1 ? row.ratio.toPrecision(2) : row.ratio.toFixed(2),
    row.bar ? describeBar(row.bar, row.unit) : '–',
    row.bar ? (row.ok ? 'ok' : 'MISSED') : '',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const { node, platform, cores, cpu, memoryGigabytes, postgresql } = machine;
  const facts = `Node ${node}, ${platform}, ${cores} cores (${cpu}), ${memoryGigabytes} GB, PostgreSQL ${postgresql}`;
  const missing = failures.map(({ engine, what, message }) => `FAILED: ${engine}, ${what}: ${message}`);
  const separator = line(widths.map((width) => '-'.repeat(width)));
  return [line(head), separator, ...lines.map(line), '', facts, '', ...missing].join('\n');
}

function figure(value: number, unit: string): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`;
}

function describeBar({ of, least, most }: Bar, unit: string): string {
  const bound = least === undefined ? `≤ ${most}` : `≥ ${least}`;
  return of === 'ratio' ? bound : `${bound} ${unit}`;
}
