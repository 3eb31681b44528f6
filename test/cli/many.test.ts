import { expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { startServer } from '../support/server.ts';
import { spawnCommand } from '../support/spawned-server.ts';

it('fifty processes that allocate at once get fifty ports', { timeout: 240_000 }, async () => {
  const { url } = await startServer({ database: await embedded.open() });
  const names = Array.from({ length: 50 }, (_, index) => `service-${index}`);
  const exits = await Promise.all(
    names.map((name) => spawnCommand(['allocate', name, '--conversation', 'crowd'], { WHARFINGER_URL: url }).exited),
  );
  expect(exits.filter(({ code }) => code !== 0)).toEqual([]);
  expect(new Set(exits.map(({ stdout }) => stdout.trim())).size).toBe(50);
});
