import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { postgresql } from '../support/databases.ts';
import { startDevServer } from '../support/dev-server.ts';
import { freeSpace } from '../support/free-space.ts';
import { spawnServer } from '../support/spawned-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

interface Warning {
  readonly kind: string;
  readonly state: string;
  readonly port: number;
  readonly message: string;
  readonly host: { readonly name: string };
}

describe.runIf(process.platform === 'linux')('two instances that observe a host each, on one database', () => {
  it('hold the same port on both, look at their own, and tell the warnings of both on one subscription', async () => {
    const { url: databaseUrl } = await postgresql.create();
    const { start, end } = await freeSpace();
    const env = { DEV_PORT_START: String(start), DEV_PORT_END: String(end), PORT_SCAN_SECONDS: '1' };
    const instances = await Promise.all(
      ['quay', 'pier'].map((hostName) => spawnServer({ databaseUrl, hostName, env })),
    );
    const [quay = expect.fail(), pier = expect.fail()] = instances;
    const base = await realpath(await temporaryDirectory());
    const [a, b] = [join(base, 'a'), join(base, 'b')];
    for (const path of [a, b]) await mkdir(path); // two
    const register = `mutation ($path: String!) { registerWorktree(input: {path: $path}) {
      ... on RegisterWorktreeSuccess { allocations { port host { name } } } } }`;
    for (const server of instances) {
      const { data } = await server.post(register, { path: a }); // on its own host
      expect(data).toMatchObject({ registerWorktree: { allocations: [{ port: start }] } });
      await server.post(register, { path: b });
    }

    const warnings = quay.overWebsocket<{ conflictWarning: Warning }>(
      'subscription { conflictWarning(kinds: [PORT_SQUATTED]) { kind state port message host { name } } }',
    );
    const next = async () => (await warnings.next()).value?.data.conflictWarning;
    const squatter = await startDevServer({ cwd: b, port: start });
    const opened = [await next(), await next()];
    expect(opened.map((each) => each?.host.name).sort()).toEqual(['pier', 'quay']);
    for (const warning of opened) {
      expect(warning).toMatchObject({ kind: 'PORT_SQUATTED', state: 'OPEN', port: start });
      for (const part of [a, b, String(squatter.pid)]) expect(warning?.message).toContain(part);
    }
    const { data } = await pier.post(
      '{ hosts { name lastSeenAt listeners { port } } portAllocations(where: {environments: [DEV]}) { edges { node { port liveness host { name } } } } }',
    );
    expect(data.hosts).toEqual(
      ['pier', 'quay'].map((name) => ({
        name,
        lastSeenAt: expect.any(String),
        listeners: expect.arrayContaining([{ port: start }]),
      })),
    );
    const { edges } = data.portAllocations as { edges: { node: { port: number; liveness: string } }[] };
    expect(edges.map(({ node }) => [node.port, node.liveness])).toEqual([
      [start, 'SQUATTED'],
      [start, 'SQUATTED'],
      [start + 1, 'IDLE'],
      [start + 1, 'IDLE'],
    ]);

    await squatter.stop();
    const resolved = [await next(), await next()];
    expect(resolved.map((each) => [each?.state, each?.host.name].join(' ')).sort()).toEqual([
      'RESOLVED pier',
      'RESOLVED quay',
    ]);
    await warnings.return?.();
  });
});
