import { describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { shareServer } from '../support/server.ts';

describe('a query that does not fit', () => {
  const server = shareServer(embedded);

  it.each([
    ['{ codebases(first: 0) { id } }', /first: It is a whole number from 1 to 1000/],
    ['{ worktrees(first: 1001) { id } }', /first/],
    ['{ hosts(skip: -1) { name } }', /skip/],
    ['{ hosts { worktrees(first: -5) { id } } }', /first/],
    ['{ codebase(id: "shop") { allocations(first: 0) { id } } }', /first/],
    ['{ allocationEvents(first: 0) { cursor } }', /first/],
    ['{ allocationEvents(after: "-1") { cursor } }', /EventCursor/],
    ['{ allocationEvents(after: "1e3") { cursor } }', /EventCursor/],
    ['{ allocationEvents(where: {worktreePath: "a"}) { cursor } }', /absolute/],
    ['{ worktree(path: "a/b") { id } }', /absolute/],
    ['{ worktree(path: "") { id } }', /absolute/],
    ['{ recommendPort(serviceName: "") { port } }', /serviceName/],
    ['{ checkPort(port: 0) { port } }', /65535/],
    ['{ host(name: "\\u0000") { name } }', /NUL/],
    ['{ codebase(id: "\\u0000") { name } }', /NUL/],
    ['{ checkPort(port: 1, host: "\\u0000") { port } }', /NUL/],
    ['{ portRanges(host: "\\u0000") { used } }', /NUL/],
    ['{ allocationEvents(where: {host: "\\u0000"}) { cursor } }', /NUL/],
    ['{ worktrees(skip: 2147483648) { id } }', /Int/],
  ])('is refused: %s', async (query, message) => {
    const { status, errors } = await server().post(query);
    expect([status, errors?.[0]?.message]).toEqual([400, expect.stringMatching(message)]);
    expect(server().entries('warn')).toEqual([]);
  });
});
