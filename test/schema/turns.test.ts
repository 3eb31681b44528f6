import { describe, expect, it } from 'vitest';
import { Allowance, Execution } from '../../src/schema/execution.ts';
import { complexityLimits } from '../../src/schema/limits.ts';
import { type AnswerRoom, Turns } from '../../src/schema/turns.ts';

const heavy = { complexity: 100_000, kind: 'query' } as const;
const here = () => ({ isGone: () => false });
const gone = () => ({ isGone: () => true });

const plentyOfRoom: AnswerRoom = { hasRoom: () => true, room: async () => {} };

/** A lane in which an operation is under way. */
async function busyTurns(answers = plentyOfRoom) {
  const turns = new Turns(answers);
  const first = new Execution(turns, new Allowance(), here());
  await first.run(heavy, () => 'first');
  return { turns, first };
}

describe('an operation that waits for its turn', () => {
  it('is not begun when its client has gone, and the next one is', async () => {
    const { turns, first } = await busyTurns();
    const ran: string[] = [];
    const client = { gone: false, isGone: () => client.gone };
    const dropped = new Execution(turns, new Allowance(), client);
    const fields = ['a', 'b'].map((field) => dropped.run(heavy, () => ran.push(field)));
    const next = new Execution(turns, new Allowance(), here());
    const answered = next.run(heavy, () => 'next');
    client.gone = true;
    await first.end();
    expect(await Promise.allSettled(fields)).toMatchObject([
      { reason: { message: expect.stringContaining('The client has gone') } },
      { reason: { message: expect.stringContaining('The client has gone') } },
    ]);
    await dropped.end();
    expect(await answered).toBe('next');
    expect(ran).toEqual([]);
  });

  it('has at most nine others of its connection beside it', async () => {
    const { turns } = await busyTurns();
    const client = here();
    for (let each = 0; each < 10; each += 1) turns.take(heavy.complexity, 'query', client);
    expect(() => turns.take(heavy.complexity, 'query', client)).toThrow('10 operations of this connection wait');
    expect(turns.take(heavy.complexity, 'query', here())).toBeInstanceOf(Promise);
    expect(turns.take(1, 'query', client)).toBeTypeOf('function');
  });

  it('makes room where its client has gone', async () => {
    const { turns } = await busyTurns();
    for (let each = 0; each < 500; each += 1) turns.take(heavy.complexity, 'query', gone());
    expect(turns.take(heavy.complexity, 'query', here())).toBeInstanceOf(Promise);
    for (let each = 1; each < 500; each += 1) turns.take(heavy.complexity, 'query', here());
    expect(() => turns.take(heavy.complexity, 'query', here())).toThrow('too many operations');
  });
});

describe('while answers that nobody has read leave no room', () => {
  /** No room, until it is made. */
  function noRoom() {
    let hasRoom = false;
    let makeRoom = () => {};
    const room = new Promise<void>((resolve) => {
      makeRoom = () => {
        hasRoom = true;
        resolve();
      };
    });
    return { turns: new Turns({ hasRoom: () => hasRoom, room: () => room }), makeRoom };
  }

  it.each([5_000, heavy.complexity])('an operation of a complexity of %i is not begun', async (complexity) => {
    const { turns, makeRoom } = noRoom();
    const ran: string[] = [];
    const execution = new Execution(turns, new Allowance(), here());
    const answered = execution.run({ complexity, kind: 'query' }, () => ran.push('ran'));
    await new Promise(setImmediate);
    expect(ran).toEqual([]);
    makeRoom();
    await answered;
    expect(ran).toEqual(['ran']);
    await execution.end();
    expect(await new Execution(turns, new Allowance(), here()).run({ complexity, kind: 'query' }, () => 'next')).toBe(
      'next',
    );
  });

  it('a small operation is answered at once', () => {
    const { turns } = noRoom();
    expect(new Execution(turns, new Allowance(), here()).run({ complexity: 1_000, kind: 'query' }, () => 'ran')).toBe(
      'ran',
    );
  });
});

it('counts an operation that gets no turn once, however many fields it has', async () => {
  const { turns } = await busyTurns();
  const client = here();
  for (let each = 0; each < 10; each += 1) turns.take(heavy.complexity, 'query', client);
  const allowance = new Allowance();
  const refused = new Execution(turns, allowance, client);
  const half = { complexity: complexityLimits.complexity / 2, kind: 'query' } as const;
  const reason = { message: expect.stringContaining('10 operations of this connection wait') };
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => refused.run(half, () => 'never')));
  expect(outcomes).toMatchObject([{ reason }, { reason }, { reason }]);
  await refused.end();
});
