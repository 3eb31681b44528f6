import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PathProcess } from '../../../src/observer/paths/path-process.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

/**
 * Counts the children that were asked anything in a file, and reports that it is asked as a directory that does not
 * answer. It answers with its place among them and how many questions it has heard, or does what the path says.
 */
const program = `
import { appendFileSync, readFileSync } from 'node:fs';
const children = new URL('children', import.meta.url);
let heard = 0;
let place;
process.on('message', ({ questions }) => {
  if (!questions) return;
  if (heard === 0) {
    appendFileSync(children, '+');
    place = readFileSync(children).length;
  }
  process.send({ silent: ['/asked'] });
  for (const { id, path } of questions) {
    heard += 1;
    if (path === '/dies') process.exit(3);
    if (path === '/wears-first' && place === 1) process.send({ worn: true });
    else if (path !== '/hangs' && !(path === '/hangs-first' && place === 1)) process.send({ id, answer: { place, heard } });
  }
});
process.on('disconnect', () => process.exit());
`;

async function openProcess() {
  const path = join(await temporaryDirectory(), 'child.mjs');
  await writeFile(path, program);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  let heard = (_silent: readonly string[]) => {};
  const asked = new PathProcess({ program: path, idleMs: 1_000, onSilent: (silent) => heard(silent) });
  onTestFinished(() => asked.close());
  /** Resolves when the child process is asked, or ends because it is idle, next. */
  const nextSilent = () =>
    new Promise<readonly string[]>((resolve) => {
      heard = resolve;
    });
  const ask = (name: string) => asked.ask('find', `/${name}`);
  return { asked, ask, nextSilent };
}

describe('the process that looks at paths', () => {
  it('answers, ends when idle, and is started again', async () => {
    const { ask, nextSilent } = await openProcess();
    expect(await ask('shop')).toEqual({ place: 1, heard: 1 });
    expect(await ask('shop')).toEqual({ place: 1, heard: 2 });
    const idle = nextSilent();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await idle).toEqual([]);
    expect(await ask('shop')).toEqual({ place: 2, heard: 1 });
  });

  it('is replaced once for a burst that it does not answer, and the rest is asked of the next', async () => {
    const { asked, ask, nextSilent } = await openProcess();
    const isAsked = nextSilent();
    const burst = [ask('hangs')];
    for (let index = 0; index < 4; index += 1) {
      vi.advanceTimersByTime(10);
      burst.push(ask('hangs'));
    }
    vi.advanceTimersByTime(3_000);
    const later = ask('hangs-first');
    await isAsked;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await Promise.all(burst)).toEqual(burst.map(() => undefined));
    expect(asked.failure).toBe('it does not answer');
    expect(await later).toMatchObject({ place: 2 });
    expect(asked.failure).toBeUndefined();
  });

  it('that ends is replaced, but what it was asked is asked three times at most', async () => {
    const { asked, ask } = await openProcess();
    expect(await ask('dies')).toBeUndefined();
    expect(asked.failure).toBe('it ended with 3');
    expect(await ask('shop')).toEqual({ place: 4, heard: 1 });
    expect(asked.failure).toBeUndefined();
  });

  it('is replaced when it is worn', async () => {
    const { ask } = await openProcess();
    expect(await ask('wears-first')).toEqual({ place: 2, heard: 1 });
  });

  it('is replaced no more when four have not ended yet', async () => {
    const { ask } = await openProcess();
    for (let replaced = 0; replaced < 6; replaced += 1) {
      const hung = ask('hangs');
      await Promise.resolve(); // it is sent
      vi.advanceTimersByTime(5_000); // in a moment, so that no child has ended
      expect(await hung).toBeUndefined();
    }
    // The fifth has heard the last two questions, and hears this one.
    expect(await ask('shop')).toEqual({ place: 1, heard: 3 });
  });

  it('answers nothing any more when closed', async () => {
    const { asked, ask, nextSilent } = await openProcess();
    const isAsked = nextSilent();
    const hung = ask('hangs');
    await isAsked;
    asked.close();
    expect([await hung, await ask('shop')]).toEqual([undefined, undefined]);
  });
});
