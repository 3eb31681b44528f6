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
    ['{ host(name: "\\u0000") { name } }', /U\+0000/],
    ['{ codebase(id: "\\u0000") { name } }', /U\+0000/],
    ['{ checkPort(port: 1, host: "\\u0000") { port } }', /U\+0000/],
    ['{ portRanges(host: "\\u0000") { used } }', /U\+0000/],
    ['{ allocationEvents(where: {host: "\\u0000"}) { cursor } }', /U\+0000/],
    ['{ worktrees(skip: 2147483648) { id } }', /Int/],
    ['{ worktree(path: "/a\\nb") { id } }', /path: It contains the control character U\+000A/],
    [`{ worktree(path: "/${'ü'.repeat(512)}") { id } }`, /path: It has at most 1024 bytes/],
    [`{ allocationEvents(where: {worktreePath: "/${'x'.repeat(1_024)}"}) { cursor } }`, /worktreePath: .*1024 bytes/],
    ['{ allocationEvents(where: {codebaseId: ""}) { cursor } }', /codebaseId: It is empty/],
    ['{ allocationEvents(where: {conversationId: ""}) { cursor } }', /conversationId: It is empty/],
    ['{ allocationEvents(where: {worktreePath: ""}) { cursor } }', /worktreePath: It is not an absolute path/],
    ['{ allocationEvents(where: {host: ""}) { cursor } }', /host: It is empty/],
    [`{ allocationEvents(where: {ports: [${Array(1_001).fill(1)}]}) { cursor } }`, /ports: There are at most 1000/],
    [`{ allocationEvents(where: {kinds: [${Array(1_001).fill('RELEASED')}]}) { cursor } }`, /kinds: There are at most/],
    ['{ worktrees(codebaseId: "") { id } }', /codebaseId: It is empty/],
    ['{ worktrees(host: "") { id } }', /host: It is empty/],
    ['{ worktree(path: "/a", host: "") { id } }', /host: It is empty/],
    ['{ codebase(id: "") { id } }', /id: It is empty/],
    ['{ codebase(id: "shop") { allocations(where: {serviceName: ""}) { id } } }', /serviceName: It is empty/],
    ['{ host(name: "") { name } }', /name: It is empty/],
    ['{ checkPort(port: 1, host: "") { port } }', /host: It is empty/],
    ['{ checkPort(port: 1, host: "two words") { port } }', /host: It has no white space/],
    ['{ portRanges(host: "") { used } }', /host: It is empty/],
    ['{ portAllocation(port: 1, host: "") { id } }', /host: It is empty/],
    ['{ recommendPort(serviceName: "x", host: "") { port } }', /host: It is empty/],
    [`{ recommendPort(serviceName: "x", host: "${'h'.repeat(254)}") { port } }`, /host: It has at most 253 bytes/],
  ])('is refused: %s', async (query, message) => {
    const { status, errors } = await server().post(query);
    expect([status, errors?.[0]?.message]).toEqual([400, expect.stringMatching(message)]);
    expect(server().entries('warn')).toEqual([]);
  });
});
