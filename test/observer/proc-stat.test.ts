import { describe, expect, it } from 'vitest';
import { parseProcStat } from '../../src/observer/proc-stat.ts';

// As Linux 6 writes it.
const columns =
  ' R 4201 4242 4100 0 -1 4194304 100 0 0 0 0 0 0 0 20 0 1 0 1217617 3133440 390 18446744073709551615 94462534578176';

describe('the text of /proc/PID/stat', () => {
  it.each(['node', 'Web Content', '(sd-pam)', 'a) S 1 1 1 (', 'two\nlines', ''])(
    'tells the parent and the session of a process named %j',
    (name) => {
      expect(parseProcStat(`4242 (${name})${columns}`)).toEqual({ parent: 4201, sessionMarks: ['4100'] });
    },
  );

  it('tells nothing that is not there', () => {
    const text = `4242 (node)${columns}`;
    for (const cut of ['', '4242', '4242 (node', '4242 (node) R', '4242 (node) R 4201 4242']) {
      expect(text.startsWith(cut)).toBe(true);
      expect(parseProcStat(cut)).toBeUndefined();
    }
    expect(parseProcStat('4242 (node) R -1 x y')).toBeUndefined();
  });
});
