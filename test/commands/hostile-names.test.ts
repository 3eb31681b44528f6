import { describe, expect, it } from 'vitest';
import { prose } from '../../src/commands/markdown.ts';
import { granted } from '../client/registry-client.ts';
import { openChat } from './open-chat.ts';
import { cart, pay } from './scene.ts';

/** Would load an image, make a tag, call everybody and be bold. */
const hostile = '![i](http://evil/x.png)<b>@here **x** gpj';
/** Would turn around what follows as well, which only a path may. */
const hostilePath = `/src/${hostile}\u202Egpj\u2028`;

/** A message without what is code, in which nothing of markdown is alive. */
function withoutCode(message: string): string {
  return message.replaceAll(/^(`{3,})[^`]*\n[\s\S]*?\n\1$/gm, '').replaceAll(/(?<!\\)(`+)(?!`).*?[^`]\1(?!`)/g, '');
}

function expectTame(message: string): void {
  const shown = withoutCode(message);
  expect(shown).not.toMatch(/(?<!\\)!\[|(?<!\\)\[i|(?<!\\)<b>|@here|(?<!\\)\*\*x/);
  expect(message).not.toMatch(/[\u202E\u2028]/);
}

describe('a hostile name', () => {
  it('is only text in every answer', async () => {
    const { say, client, handler } = await openChat({ ...cart, codebaseId: 'shop' });
    granted(await client.registerCodebase({ id: 'shop', name: hostile }));
    const name = `"${hostile}"`;
    const texts = [
      `/port-allocate ${name} dev 8000`,
      '/port-allocate web',
      '/port-check 8000',
      '/port-list',
      '/port-list --environment production',
      `/port-config ${name}`,
      `/port-config ${name} --format markdown`,
      '/port-config wb',
      `/port-register ${name} 443`,
      `/port-register ${name} ${name}`,
      '/port-stats',
      '/port-conflicts',
      `/port-conflicts resolve ${name} adopt`,
      '/port-cleanup --dry-run',
      '/port-export --format markdown',
      '/port-export --format csv',
      `/port-import\n| Port | Service |\n| --- | --- |\n| 8000 | ${hostile} |\n| 8300 | ${hostile} |`,
      `/port-backfill ${name}`,
      `/port-help ${name}`,
      `/port-${hostile}`,
      `/port-list --environment ${name}`,
      `/port-transfer 8000 --to-conversation ${name}`,
      '/port-transfer 8001 to somebody',
      '/port-release 8000',
    ];
    for (const text of texts) expectTame((await say(text)).message); // each after the one before it
    await say(`/port-allocate ${name} dev 8000`);
    for (const text of ['/port-release 8000', '/port-allocate x dev 8000', '/port-allocate x dev 8000 --force']) {
      expectTame((await say(text, pay)).message);
    }
    expectTame((await handler.worktreeCreated({ path: hostilePath, branch: hostile })).message);
    expectTame((await handler.worktreeRemoved({ path: hostilePath })).message);
  });

  it.each([
    ['feature_api', 'feature_api'],
    ['_x_', '\\_x\\_'],
    ['a|b', 'a\\|b'],
    ['# not a title', '\\# not a title'],
    ['&#x202E;', '\\&#x202E;'],
    ['me@example.com', 'me@\u200Bexample.com'],
    ['<!here>', '\\<\\!here\\>'],
    ['a\u202Eb\u061Cc\u2028d\u0085e\u009B31m', 'abc de31m'],
    ['one\n\n# two\u0007\u{E0041}', 'one # two'],
    ['/src/shop (feature/cart)', '/src/shop (feature/cart)'],
  ])('such as %j is written as %j', (name, written) => {
    expect(prose(name)).toBe(written);
  });
});
