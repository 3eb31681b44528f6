import { describe, expect, it } from 'vitest';
import { mostUnobservedHosts } from '../../src/registry/refuse-new-hosts.ts';
import { engines } from '../support/databases.ts';
import {
  checkout,
  claim,
  granted,
  openRegistry,
  refused,
  registration,
  release,
  removal,
  stoppedClock,
  worktree,
} from '../support/registry.ts';

const day = 86_400_000;

describe.each(engines)('hosts that only callers named, on $name', (engine) => {
  it('are refused past a bound, forgotten once nothing of them is left, and never in the way of those with an observer', async () => {
    const database = await engine.open();
    const clock = stoppedClock();
    const registry = openRegistry(database, { clock: clock.now });
    const named = async () => {
      const rows = await database.query<{ name: string }>('SELECT name FROM wharfinger.host ORDER BY name');
      return rows.map(({ name }) => name);
    };
    granted(await registry.allocatePort(claim('web', { host: 'used' })));
    granted(await registry.allocatePort(claim('web')));
    const own = await named();
    await database.script(`
      INSERT INTO wharfinger.host (name) SELECT 'typo-' || n FROM generate_series(3, ${mostUnobservedHosts}) AS n;
      INSERT INTO wharfinger.host (name, last_seen_at) VALUES ('observed', now());`);

    const answers = [
      await registry.allocatePort(claim('web', { host: 'another' })),
      await registry.registerPort(registration(443, 'nginx', { host: 'another' })),
      await registry.registerWorktree(checkout('/wt/a', { host: 'another' })),
    ];
    for (const answer of answers) {
      expect(refused(answer, 'INVALID_INPUT').issues).toEqual([
        { path: ['host'], message: expect.stringMatching(/^The host another is not known, and at most 1000 /) },
      ]);
    }
    for (const host of ['typo-3', 'used', 'observed', null]) {
      granted(await registry.allocatePort(claim('api', { host }))); // one by one
    }

    granted(await registry.releasePort(release(8_000, { host: 'typo-3' })));
    await registry.cleanupPorts({ host: null, dryRun: true });
    expect(await named()).toHaveLength(mostUnobservedHosts + 1);
    await registry.cleanupPorts({ host: null, dryRun: false });
    expect(await named()).toEqual([...own, 'observed', 'typo-3'].sort());
    granted(await registry.allocatePort(claim('web', { host: 'another' })));

    clock.advance(400 * day);
    await registry.cleanupPorts({ host: null, dryRun: false });
    expect(await named()).toEqual([...own, 'another', 'observed'].sort());
  });

  it('are forgotten with the worktrees that were removed from them', async () => {
    const database = await engine.open();
    const clock = stoppedClock();
    const registry = openRegistry(database, { clock: clock.now });
    const host = 'typo';
    const owner = worktree('/wt/a');
    granted(await registry.registerWorktree(checkout('/wt/a', { host })));
    granted(await registry.registerWorktree(checkout('/wt/b', { host })));
    granted(await registry.allocatePort(claim('web', { host, owner })));
    granted(await registry.removeWorktree(removal('/wt/a', { host, owner })));
    const cleanUp = async () => {
      clock.advance(400 * day);
      await registry.cleanupPorts({ host: null, dryRun: false });
      const rows = await database.query<{ path: string }>(
        'SELECT path FROM wharfinger.host h JOIN wharfinger.worktree w ON w.host_name = h.name ORDER BY path',
      );
      return rows.map(({ path }) => path);
    };
    expect(await cleanUp()).toEqual(['/wt/a', '/wt/b']);
    granted(await registry.removeWorktree(removal('/wt/b', { host })));
    expect(await cleanUp()).toEqual([]);
    expect(await database.query('SELECT FROM wharfinger.host WHERE name = $1', [host])).toEqual([]);
    granted(await registry.registerWorktree(checkout('/wt/a', { host })));
  });
});
