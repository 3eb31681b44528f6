import { describe, expect, it } from 'vitest';
import type { ImportRow } from '../../src/domain/import-report.ts';
import { asPort } from '../../src/domain/port.ts';
import { claim, day, imported } from './import-scenes.ts';
import { codebase, fromNoon, ofCodebase, quay, worktree } from './seed.ts';

const { createdAt: _createdAt, ...shop } = codebase('shop', { repositoryUrl: 'https://x/shop' });
const codebaseRow = (facts: Partial<typeof shop> = {}): ImportRow => ({
  line: 1,
  kind: 'codebase',
  codebase: { ...shop, createdAt: null, ...facts },
});

describe('an imported codebase', () => {
  it('is registered once, for the claims after it', () => {
    const { outcomes, changes } = imported(
      {},
      codebaseRow(),
      codebaseRow(),
      claim(8000, { owner: ofCodebase('shop') }),
    );
    expect(outcomes).toEqual(['CREATED', 'UNCHANGED', 'CREATED']);
    expect(changes.codebases).toMatchObject([{ id: 'shop' }]);
  });

  it('is found by its repository under another id, and so are its worktrees and claims', () => {
    const scene = { codebases: [codebase('here', { name: 'shop', repositoryUrl: 'https://x/shop' })] };
    const worktreeRow: ImportRow = {
      line: 2,
      kind: 'worktree',
      worktree: {
        id: null,
        hostName: quay,
        path: '/shop',
        branch: null,
        codebaseId: 'shop',
        conversationId: null,
        registeredAt: null,
        removedAt: null,
      },
    };
    const { rows, changes } = imported(scene, codebaseRow(), worktreeRow, claim(8000, { owner: ofCodebase('shop') }));
    expect(rows.map(({ outcome }) => outcome)).toEqual(['UNCHANGED', 'CREATED', 'CREATED']);
    expect(changes.worktrees).toMatchObject([{ codebaseId: 'here' }]);
    expect(rows[2]?.allocation).toMatchObject({ codebaseId: 'here', owner: 'codebase:here' });
  });

  it('that is told twice, and registered under its id at last, has its claims', () => {
    const scene = { codebases: [codebase('here', { name: 'shop', repositoryUrl: 'https://x/shop' })] };
    const again = codebaseRow({ repositoryUrl: null });
    const { rows } = imported(scene, codebaseRow(), again, claim(8000, { owner: ofCodebase('shop') }));
    expect(rows.map(({ outcome }) => outcome)).toEqual(['UNCHANGED', 'CREATED', 'CREATED']);
    expect(rows[2]?.allocation).toMatchObject({ codebaseId: 'shop' });
  });

  it('that is registered otherwise stays as it is', () => {
    const scene = { codebases: [codebase('shop', { repositoryUrl: 'https://x/shop', primaryPort: asPort(8000) })] };
    const { rows, changes } = imported(scene, codebaseRow());
    expect(rows).toMatchObject([{ outcome: 'CONFLICT', port: null, serviceName: null }]);
    expect(changes.codebases).toEqual([]);
  });
});

describe('an imported worktree', () => {
  const row = (facts: Partial<Extract<ImportRow, { kind: 'worktree' }>['worktree']> = {}): ImportRow => ({
    line: 1,
    kind: 'worktree',
    worktree: {
      id: 'w1',
      hostName: quay,
      path: '/shop',
      branch: 'main',
      codebaseId: null,
      conversationId: null,
      registeredAt: fromNoon(-day),
      removedAt: null,
      ...facts,
    },
  });

  it('is registered with its id and its time', () => {
    const { changes, outcomes } = imported({}, row(), row());
    expect(outcomes).toEqual(['CREATED', 'UNCHANGED']);
    expect(changes.worktrees).toMatchObject([{ id: 'w1', branch: 'main', registeredAt: fromNoon(-day) }]);
  });

  it('takes the place of a removed one', () => {
    const { changes } = imported({ worktrees: [worktree('/shop', { id: 'old', removedAt: fromNoon(-1) })] }, row());
    expect(changes.worktrees).toMatchObject([{ id: 'old', removedAt: null, branch: 'main' }]);
  });

  it('that was removed does not end one that is registered', () => {
    const scene = { worktrees: [worktree('/shop')] };
    expect(imported(scene, row({ removedAt: fromNoon(-1) }))).toMatchObject({
      unchanged: 1,
      changes: { worktrees: [] },
    });
  });

  it('of another codebase is a conflict, and of one that is not registered invalid', () => {
    const scene = { codebases: [codebase('a'), codebase('b')], worktrees: [worktree('/shop', { codebaseId: 'a' })] };
    expect(imported(scene, row({ codebaseId: 'b' }), row({ codebaseId: 'c' })).outcomes).toEqual([
      'CONFLICT',
      'INVALID',
    ]);
  });
});

it('a row that cannot be read is told with what could be', () => {
  const row: ImportRow = { line: 7, kind: 'unreadable', problem: 'It is empty.', port: null, serviceName: 'web' };
  expect(imported({}, row)).toMatchObject({
    invalid: 1,
    rows: [{ line: 7, port: null, serviceName: 'web', outcome: 'INVALID', message: 'It is empty.' }],
  });
});
