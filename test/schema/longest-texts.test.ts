import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { engines } from '../support/databases.ts';
import { shareServer } from '../support/server.ts';
import { mutate } from './seed.ts';

/** Characters of four bytes that do not compress: PostgreSQL would otherwise make an index entry smaller. */
const astral = (count: number) =>
  String.fromCodePoint(...Array.from({ length: count }, () => randomInt(0x20000, 0x2a6df)));
/** As many bytes per UTF-16 unit as there can be. */
const ideographs = (count: number) =>
  String.fromCodePoint(...Array.from({ length: count }, () => randomInt(0x4e00, 0x9fff)));

const host = `h${astral(63)}`;
const longestPath = () => `/${astral(255)}xyz`;

describe.each(engines)('the longest texts that are allowed, on $name', (engine) => {
  const server = shareServer(engine);

  it.each([
    ['a worktree', () => ({ worktreePath: longestPath() })],
    ['a conversation', () => ({ conversationId: ideographs(255) })],
  ])('fit the indexes with the owner %s', async (_what, owner) => {
    const input = { host, owner: owner(), serviceName: ideographs(255) };
    expect(await mutate(server(), 'allocatePort', input)).toMatchObject({ __typename: 'AllocatePortSuccess' });
  });

  it('fit the indexes of a codebase, and of a worktree whose service is named after it', async () => {
    const codebase = { id: ideographs(255), name: astral(127), repositoryUrl: astral(256) };
    expect(await mutate(server(), 'registerCodebase', codebase)).toMatchObject({
      __typename: 'RegisterCodebaseSuccess',
    });
    const worktree = { host, path: longestPath(), branch: astral(127), codebaseId: codebase.id };
    expect(await mutate(server(), 'registerWorktree', worktree)).toMatchObject({
      __typename: 'RegisterWorktreeSuccess',
    });
  });
});
