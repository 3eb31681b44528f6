import { describe, expect, it } from 'vitest';
import { parsePs } from '../../src/observer/ps.ts';

describe('the processes that ps shows', () => {
  it('are read as macOS writes them, a terminal and a group each being a mark of the session', () => {
    // Not captured: in the columns of macOS' ps, where `??` is no terminal.
    const text = `    1     0     1 ??       /sbin/launchd
  653   601   653 ttys003  -zsh
  702   653   702 ttys003  node server.js --port 8000
  703     1   703 ??       /Applications/Google Chrome.app/Contents/MacOS/Google Chrome
`;
    expect([...parsePs(text).values()]).toEqual([
      { id: 1, parent: 0, sessionMarks: ['group 1'], command: '/sbin/launchd' },
      { id: 653, parent: 601, sessionMarks: ['group 653', 'terminal ttys003'], command: '-zsh' },
      { id: 702, parent: 653, sessionMarks: ['group 702', 'terminal ttys003'], command: 'node server.js --port 8000' },
      {
        id: 703,
        parent: 1,
        sessionMarks: ['group 703'],
        command: '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      },
    ]);
  });

  it('may have no command, and lines of anything else are left out', () => {
    // In the columns of procps on Linux.
    const text = '   12     2     0 ?        [kworker/0:1]\n   13     1    13 pts/0\nps: error\n 14 x 14 ?? node\n';
    expect([...parsePs(text).values()]).toEqual([
      { id: 12, parent: 2, sessionMarks: ['group 0'], command: '[kworker/0:1]' },
      { id: 13, parent: 1, sessionMarks: ['group 13', 'terminal pts/0'], command: null },
    ]);
  });
});
