import { randomUUID } from 'node:crypto';
import { styleText } from 'node:util';
import { printableJson, printableLines } from '../domain/printable.ts';
import { alignedTable, type Column, tabbedTable } from './table.ts';
import { oneLine } from './text.ts';

/** What node:util can do to a text; several are applied together. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/**
 * What a command prints with. Standard output has what was asked for, standard error the rest. Nothing that others named
 * reaches a terminal as it is: neither escapes nor what changes the direction of text.
 */
export interface Output {
  /** Whether a person sees it; else a program reads it, and gets plain lines without explanations. */
  readonly isTerminal: boolean;
  paint(style: Style, text: string): string;
  /** One line. */
  line(text: string): void;
  /** For programs, a file's content or a path as it is; for a terminal, what of it can be printed. */
  content(text: string): void;
  /** Columns aligned and fitted to the terminal; for programs the values as they are, with tabs between them. */
  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void;
  /** One JSON document; for programs on one line. */
  json(value: unknown): void;
  /** One JSON document of several, each on one line. */
  jsonLine(value: unknown): void;
  /** One line on standard error. */
  note(text: string): void;
  /** The same, where a person reads it: how far it has come. */
  progress(text: string): void;
}

/** The streams as far as they are used: those of the process, or a test's. */
export interface Streams {
  readonly stdout: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>;
  readonly stderr: Pick<NodeJS.WriteStream, 'write'> & Partial<Pick<NodeJS.WriteStream, 'isTTY'>>;
}

const usualWidth = 80;

export function createOutput({ stdout, stderr }: Streams, environment: NodeJS.ProcessEnv): Output {
  const isTerminal = stdout.isTTY === true;
  const isColoured = wantsColour(isTerminal, environment);
  // Stands for the escape character of our own colours until the rest is without any. Nobody can have put it into a name.
  const escapeMark = randomUUID();
  const paint = (style: Style, text: string) =>
    isColoured ? styleText(style, oneLine(text), { validateStream: false }).replaceAll('\u001b', escapeMark) : text;
  const print = (printable: string) => {
    stdout.write(`${printable.replaceAll(escapeMark, '\u001b')}\n`);
  };
  const line = (text: string) => print(oneLine(text));
  const json = (value: unknown, indent: number) => print(printableJson(JSON.stringify(value, null, indent)));
  const note = (text: string) => {
    stderr.write(`${oneLine(text)}\n`);
  };
  return {
    isTerminal,
    paint,
    line,
    content(text) {
      const lines = text.replace(/\n$/, '');
      print(isTerminal ? printableLines(lines) : lines);
    },
    table(columns, rows) {
      const width = stdout.columns || usualWidth;
      const header = (text: string) => paint('dim', text);
      const lines = isTerminal ? alignedTable(columns, rows, { width, header }) : tabbedTable(columns, rows);
      print(lines.join('\n'));
    },
    json: (value) => json(value, isTerminal ? 2 : 0),
    jsonLine: (value) => json(value, 0),
    note,
    progress: (text) => {
      if (stderr.isTTY) note(text);
    },
  };
}

/** https://no-color.org first, then FORCE_COLOR, which also colours what a program reads. */
function wantsColour(isTerminal: boolean, { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && TERM !== 'dumb';
}
