import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { longestCommand } from '../../src/domain/observation.ts';
import { DetectionFailed } from '../../src/observer/detection-failed.ts';
import { createObserver } from '../../src/observer/observer.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { startListeners } from './start-listeners.ts';

const addresses = ['127.0.0.1', '::1', '0.0.0.0', '::'] as const;

describe.runIf(process.platform === 'linux')('the observer of Linux', () => {
  it('sees each listener with its address and its process', async () => {
    const directory = await realpath(await temporaryDirectory());
    const { pid, ports } = await startListeners({ directory, addresses, argument: 'café' });

    const seen = await createObserver().listeners();

    for (const [index, address] of addresses.entries()) {
      expect(seen.find(({ port }) => port === ports[index])).toMatchObject({
        addresses: [address],
        process: {
          id: pid,
          name: 'node',
          command: expect.stringMatching(/ -e .* café$/s),
          workingDirectory: directory,
        },
      });
    }
    expect(seen.map(({ port }) => port)).toEqual(seen.map(({ port }) => port).sort((one, other) => one - other));
  });

  it('looks only at the ports that it is asked about', async () => {
    const directory = await temporaryDirectory();
    const { ports } = await startListeners({ directory, addresses: ['127.0.0.1', '127.0.0.1'] });
    const [port = 0] = ports;

    const seen = await createObserver().listeners(new Set([port, 1]));

    expect(seen.map((listener) => listener.port)).toEqual([port]);
  });

  it('sees the directories of the shell that started it, nearest first, and of what is above in its session', async () => {
    const directory = await realpath(await temporaryDirectory());
    const shellDirectory = await realpath(await temporaryDirectory());
    const { ports } = await startListeners({ directory, shellDirectory, addresses: ['127.0.0.1'] });

    const [listener] = await createObserver().listeners(new Set(ports));

    // The shell has gone to the directory, and this process, which is of the same session, has not.
    expect(listener?.process?.workingDirectory).toBe(directory);
    expect(listener?.process?.ancestorDirectories.slice(0, 2)).toEqual([directory, process.cwd()]);
  });

  it('looks no further than the parent where that is of another session', async () => {
    const directory = await realpath(await temporaryDirectory());
    const { ports } = await startListeners({ directory, addresses: ['127.0.0.1'], detached: true });

    const [listener] = await createObserver().listeners(new Set(ports));

    expect(listener?.process?.ancestorDirectories).toEqual([process.cwd()]);
  });

  it('still names a working directory that has been removed', async () => {
    const directory = join(await realpath(await temporaryDirectory()), 'gone');
    await mkdir(directory);
    const { ports } = await startListeners({ directory, addresses: ['127.0.0.1'] });
    await rm(directory, { recursive: true });

    const [listener] = await createObserver().listeners(new Set(ports));

    expect(listener?.process?.workingDirectory).toBe(directory);
  });

  it('cuts off a long command line', async () => {
    const directory = await temporaryDirectory();
    const argument = 'é'.repeat(longestCommand * 5);
    const { ports } = await startListeners({ directory, addresses: ['127.0.0.1'], argument });

    const [listener] = await createObserver().listeners(new Set(ports));

    expect(listener?.process?.command).toMatch(/é$/);
    expect(listener?.process?.command).toHaveLength(longestCommand);
  });

  it('sees 500 listening sockets of one process', async () => {
    const directory = await temporaryDirectory();
    const many = Array.from({ length: 500 }, () => '127.0.0.1');
    const { pid, ports } = await startListeners({ directory, addresses: many });

    const seen = await createObserver().listeners();

    const own = seen.filter(({ process }) => process?.id === pid).map(({ port }) => port);
    expect(own).toEqual([...ports].sort((one, other) => one - other));
  });

  it('no longer sees a listener that has ended, and sees a new one', async () => {
    const directory = await temporaryDirectory();
    const observer = createObserver();
    const first = await startListeners({ directory, addresses: ['127.0.0.1'] });
    expect(await observer.listeners(new Set(first.ports))).toMatchObject([{ process: { id: first.pid } }]);

    await first.kill();
    const second = await startListeners({ directory, addresses: ['127.0.0.1'] });

    expect(await observer.listeners(new Set(first.ports))).toEqual([]);
    expect(await observer.listeners(new Set(second.ports))).toMatchObject([{ process: { id: second.pid } }]);
  });

  it('tells the ports that the system gives to outgoing connections', async () => {
    const range = await createObserver().ephemeralRange();
    const { ports } = await startListeners({ directory: await temporaryDirectory(), addresses: ['127.0.0.1'] });

    expect(ports[0]).toBeGreaterThanOrEqual(range?.start ?? Number.NaN);
    expect(ports[0]).toBeLessThanOrEqual(range?.end ?? Number.NaN);
  });
});

describe('the observer of a platform that it does not know', () => {
  it('says so, instead of seeing nothing', async () => {
    const observer = createObserver('sunos');
    await expect(observer.listeners()).rejects.toThrow(DetectionFailed);
    await expect(observer.listeners()).rejects.toThrow('on sunos: run Wharfinger on Linux, macOS or Windows.');
    await expect(observer.ephemeralRange()).resolves.toBeNull();
  });
});
