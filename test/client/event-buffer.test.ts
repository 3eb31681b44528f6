import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventBuffer } from '../../src/client/event-buffer.ts';

const ended = { done: true, value: undefined };

it('hands out everything once and in order, whoever is faster', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('push', 'next'), { maxLength: 40 }), async (steps) => {
      const buffer = new EventBuffer<number>();
      const answers: Promise<IteratorResult<number, undefined>>[] = [];
      let pushed = 0;
      for (const step of steps) {
        if (step === 'push') buffer.push(pushed++);
        else answers.push(buffer.next());
      }
      buffer.finish();
      const given = Math.min(pushed, answers.length);
      const expected = answers.map((_, index) => (index < given ? { done: false, value: index } : ended));
      expect(await Promise.all(answers)).toEqual(expected);
      expect(buffer.size).toBe(pushed - given);
    }),
  );
});

it('gives an error after what is buffered, once, and then is over', async () => {
  const buffer = new EventBuffer<number>();
  buffer.push(1);
  buffer.finish(new Error('lost'));
  buffer.push(2);
  expect(await buffer.next()).toEqual({ done: false, value: 1 });
  await expect(buffer.next()).rejects.toThrow('lost');
  expect(await buffer.next()).toEqual(ended);
});

it('gives an error to the first of those who wait, and the end to the others', async () => {
  const buffer = new EventBuffer<number>();
  const [first, second] = [buffer.next(), buffer.next()];
  buffer.finish(new Error('lost'));
  await expect(first).rejects.toThrow('lost');
  expect(await second).toEqual(ended);
});

it('drops what is buffered, and an error, when it is discarded', async () => {
  const buffer = new EventBuffer<number>();
  buffer.push(1);
  buffer.finish(new Error('lost'));
  const drained = buffer.drained();
  buffer.discard();
  await drained;
  expect(await buffer.next()).toEqual(ended);
});

it('is drained when its last value was asked for', async () => {
  const buffer = new EventBuffer<number>();
  for (const value of [1, 2]) buffer.push(value);
  let isDrained = false;
  const drained = buffer.drained().then(() => {
    isDrained = true;
  });
  await buffer.next();
  expect(isDrained).toBe(false);
  await buffer.next();
  await drained;
  expect(isDrained).toBe(true);
});
