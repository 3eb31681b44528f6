import { spawnSync } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createObserver } from '../../src/observer/observer.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { startListeners } from './start-listeners.ts';

/** The options that are used of lsof and ps are those of Linux as well. */
const hasPrograms = ['lsof', 'ps'].every((name) => spawnSync(name, ['-v']).error === undefined);

describe.runIf(hasPrograms)('the observer of macOS', () => {
  it('sees each listener with its address and its process', async () => {
    const directory = await realpath(await temporaryDirectory());
    const addresses = ['127.0.0.1', '::1', '0.0.0.0', '::'] as const;
    const { pid, ports } = await startListeners({ directory, addresses });

    const seen = await createObserver('darwin').listeners();

    for (const [index, address] of addresses.entries()) {
      expect(seen.find(({ port }) => port === ports[index])).toMatchObject({
        addresses: [address],
        process: { id: pid, name: 'node', command: expect.stringMatching(/ listeners$/), workingDirectory: directory },
      });
    }
  });

  it('sees the directories of the shell that started it and of what is above in its process group', async () => {
    const directory = await realpath(await temporaryDirectory());
    const shellDirectory = await realpath(await temporaryDirectory());
    const { ports } = await startListeners({ directory, shellDirectory, addresses: ['127.0.0.1'] });

    const [listener, ...others] = await createObserver('darwin').listeners(new Set(ports));

    expect(others).toEqual([]);
    expect(listener?.process?.ancestorDirectories.slice(0, 2)).toEqual([directory, process.cwd()]);
  });

  it('looks no further than the parent where that is of another group', async () => {
    const directory = await realpath(await temporaryDirectory());
    const { ports } = await startListeners({ directory, addresses: ['127.0.0.1'], detached: true });

    const [listener] = await createObserver('darwin').listeners(new Set(ports));

    expect(listener?.process?.ancestorDirectories).toEqual([process.cwd()]);
  });

  it('sees nothing on a port that nobody listens on', async () => {
    await expect(createObserver('darwin').listeners(new Set([1]))).resolves.toEqual([]);
  });

  it.runIf(process.platform === 'darwin')('tells the ports that the system gives to outgoing connections', async () => {
    const range = await createObserver('darwin').ephemeralRange();
    const { ports } = await startListeners({ directory: await temporaryDirectory(), addresses: ['127.0.0.1'] });
    expect(ports[0]).toBeGreaterThanOrEqual(range?.start ?? Number.NaN);
    expect(ports[0]).toBeLessThanOrEqual(range?.end ?? Number.NaN);
  });
});
