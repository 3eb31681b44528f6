import { styleText } from 'node:util';
import { alignedTable, type Column, tabbedTable } from './table.ts';
import { oneLine } from './text.ts';

/** What node:util can do to a text; several are applied together. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** What a command prints with. Standard output has what was asked for, standard error the rest. */
export interface Output {
  /** Whether a person sees it; else a program reads it, and gets plain lines without explanations. */
  readonly isTerminal: boolean;
  paint(style: Style, text: string): string;
  line(text: string): void;
  /** A file's content as it is. */
  content(text: string): void;
  /** Columns aligned and fitted to the terminal; for programs the values as they are, with tabs between them. */
  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void;
  /** One JSON document. */
  json(value: unknown): void;
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
  const paint = (style: Style, text: string) => (isColoured ? styleText(style, text, { validateStream: false }) : text);
  const line = (text: string) => {
    stdout.write(`${text}\n`);
  };
  const note = (text: string) => {
    stderr.write(`${oneLine(text)}\n`);
  };
  return {
    isTerminal,
    paint,
    line,
    content: (text) => line(text.replace(/\n$/, '')),
    table(columns, rows) {
      const width = stdout.columns || usualWidth;
      const header = (text: string) => paint('dim', text);
      const lines = isTerminal ? alignedTable(columns, rows, { width, header }) : tabbedTable(columns, rows);
      line(lines.join('\n'));
    },
    json: (value) => line(JSON.stringify(value, null, isTerminal ? 2 : 0)),
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
