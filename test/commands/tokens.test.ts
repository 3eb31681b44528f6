import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../src/commands/allocate.ts';
import { list } from '../../src/commands/list.ts';
import { quotedWord } from '../../src/commands/quoted-word.ts';
import { giveArguments, tokenize } from '../../src/commands/tokens.ts';

const texts = (text: string) => tokenize(text).map((token) => token.text);

describe('the words of a message', () => {
  it.each([
    ['web dev 8100', ['web', 'dev', '8100']],
    ['  web\t dev\n8100\r\n', ['web', 'dev', '8100']],
    [`'my web' "my \\"api\\""`, ['my web', 'my "api"']],
    ['--format="docker compose"', ['--format=docker compose']],
    [`web "never closed`, ['web', 'never closed']],
    ['“my web” —force', ['my web', '--force']],
    ['""', ['']],
    ['', []],
  ])('of %j are %j', (text, words) => {
    expect(texts(text)).toEqual(words);
  });

  it('are read back as they were quoted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        fc.pre(!/[“”„‘’—–]/.test(name)); // which count as the plain ones
        expect(texts(quotedWord(name))).toEqual([name]);
      }),
    );
  });

  it('are sorted from flags, whose values come after = or as the next word', () => {
    const given = (text: string) => giveArguments(list, tokenize(text));
    expect(given('--environment prod --all')).toEqual({ words: [], flags: { environment: 'prod', all: true } });
    expect(given('--Environment=prod rest')).toEqual({ words: ['rest'], flags: { environment: 'prod' } });
    expect(given('--worktree rest')).toEqual({ words: ['rest'], flags: { worktree: true } });
    expect(given('--environment')).toEqual({ words: [], flags: { environment: true } });
    expect(giveArguments(allocate, tokenize('"--web"'))).toEqual({ words: ['--web'], flags: {} });
  });
});
