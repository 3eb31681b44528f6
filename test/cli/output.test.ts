import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { withPrintableTexts } from '../../src/cli/logger.ts';
import { createOutput } from '../../src/cli/output.ts';
import { findUnprintable } from '../../src/domain/printable.ts';

/** Sets the title of the window, in C0 and in C1, colours what follows, turns it around, and begins lines of its own. */
const hostile = 'web\u001B]0;evil\u0007\u001B[31m\u009B31m\u202Egpj\u2028a\u0085b\nc\u061C';
const written = 'web�]0;evil��[31m�31m�gpj�a�b c�';

/** What a command prints, on a terminal with colours or for a program. */
function open(isTTY: boolean) {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts) => ({
    isTTY,
    columns: 200,
    write(text: string | Uint8Array) {
      texts[name] += text;
      return true;
    },
  });
  const output = createOutput(
    { stdout: stream('stdout'), stderr: stream('stderr') },
    { FORCE_COLOR: isTTY ? '1' : '0' },
  );
  return { output, texts };
}

const unprintableIn = (text: string) => findUnprintable(text.replaceAll(/[\n\t]/g, ''));

describe.each([true, false])('output where it is %s that a terminal shows it', (isTTY) => {
  it('has lines of what can be printed, with its own colours', () => {
    const { output, texts } = open(isTTY);
    output.line(`${output.paint('bold', hostile)}: ${hostile}`);
    output.note(hostile);
    expect(texts.stdout.includes('\u001B[1m')).toBe(isTTY);
    expect(stripVTControlCharacters(texts.stdout)).toBe(`${written}: ${written}\n`);
    expect(texts.stderr).toBe(`${written}\n`);
  });

  it('has tables of what can be printed', () => {
    const { output, texts } = open(isTTY);
    const paint = (text: string) => output.paint('red', text);
    output.table([{ header: 'service', value: (name: string) => name, paint }], [hostile]);
    expect(texts.stdout.includes('\u001B[31mweb')).toBe(isTTY);
    expect(stripVTControlCharacters(texts.stdout).split('\n')[1]).toBe(written);
    expect(unprintableIn(stripVTControlCharacters(texts.stdout))).toBeUndefined();
  });

  it('has JSON that says the same in escapes', () => {
    const { output, texts } = open(isTTY);
    output.json({ [hostile]: hostile });
    output.jsonLine({ [hostile]: hostile });
    const one = JSON.stringify({ [hostile]: hostile });
    const documents = texts.stdout.split(/(?<=\})\n/);
    expect(documents.slice(0, 2).map((text) => JSON.stringify(JSON.parse(text)))).toEqual([one, one]);
    expect(unprintableIn(texts.stdout)).toBeUndefined();
  });

  it('has a file as it is for programs only', () => {
    const { output, texts } = open(isTTY);
    output.content(`PORT=8000\n# ${hostile}\n`);
    expect(texts.stdout).toBe(isTTY ? 'PORT=8000\n# web�]0;evil��[31m�31m�gpj�a�b\nc�\n' : `PORT=8000\n# ${hostile}\n`);
  });
});

describe('the log of a terminal', () => {
  it('has one line of what can be printed, and the lines of a stack', () => {
    const entry = { level: 30, msg: hostile, err: { stack: 'Error: x\u001B[31m\n    at y' }, paths: [hostile] };
    expect(JSON.parse(withPrintableTexts(JSON.stringify(entry)))).toEqual({
      level: 30,
      msg: written,
      err: { stack: 'Error: x�[31m\n    at y' },
      paths: [written],
    });
  });
});
