import { describe, expect, it } from 'vitest';
import type { SeenListener } from '../../src/domain/observation.ts';
import { DetectionFailed } from '../../src/observer/detection-failed.ts';
import { createLinuxObserver } from '../../src/observer/linux.ts';
import { fakeProc } from './fake-proc.ts';

const owners = (seen: readonly SeenListener[]) => seen.map(({ process }) => process?.id ?? null);

describe.skipIf(process.platform === 'win32')('a look into /proc', () => {
  it('gives an inherited socket to the process with the lowest id', async () => {
    const proc = await fakeProc();
    await proc.listen(71, 72);
    await proc.start(100, 71, 72);
    await proc.start(20, 71);
    await proc.start(9, 70);

    expect(owners(await createLinuxObserver(proc.path).listeners())).toEqual([20, 100]);
  });

  it('finds the next process once the one that has been found ends', async () => {
    const proc = await fakeProc();
    await proc.listen(71);
    await proc.start(20, 71);
    await proc.start(100, 71);
    const observer = createLinuxObserver(proc.path);
    expect(owners(await observer.listeners())).toEqual([20]);

    await proc.end(20);
    expect(owners(await observer.listeners())).toEqual([100]);

    await proc.end(100);
    expect(owners(await observer.listeners())).toEqual([null]);
  });

  it('looks again, a minute later, for a socket that belongs to nobody who could be seen', async () => {
    const proc = await fakeProc();
    await proc.listen(71);
    let nowMs = 1_000;
    const observer = createLinuxObserver(proc.path, () => nowMs);
    expect(await observer.listeners()).toEqual([{ port: 8_000, addresses: ['127.0.0.1'], process: null }]);

    await proc.start(20, 71);
    nowMs += 59_999;
    expect(owners(await observer.listeners())).toEqual([null]);
    nowMs += 1;
    expect(owners(await observer.listeners())).toEqual([20]);
  });

  it('looks at once for a socket that has got the inode of one which is gone', async () => {
    const proc = await fakeProc();
    const observer = createLinuxObserver(proc.path, () => 0);
    await proc.listen(71);
    expect(owners(await observer.listeners())).toEqual([null]);
    await proc.listen();
    expect(await observer.listeners()).toEqual([]);

    await proc.start(20, 71);
    await proc.listen(71);
    expect(owners(await observer.listeners())).toEqual([20]);
  });

  it('tells what it can of a process of which only the name can be read', async () => {
    const proc = await fakeProc();
    await proc.listen(71);
    await proc.start(20, 71);

    const [listener] = await createLinuxObserver(proc.path).listeners();

    const unknown = { command: null, workingDirectory: null, ancestorDirectories: [] };
    expect(listener?.process).toEqual({ id: 20, name: 'program20', ...unknown });
  });

  it('reads the ports of outgoing connections, and those that are kept out of it', async () => {
    const proc = await fakeProc();
    const observer = createLinuxObserver(proc.path);
    expect(await observer.ephemeralRange()).toBeNull();

    await proc.write('sys/net/ipv4/ip_local_port_range', '32768\t60999\n');
    expect(await observer.ephemeralRange()).toEqual({ start: 32_768, end: 60_999, reserved: [] });

    await proc.write('sys/net/ipv4/ip_local_reserved_ports', '40000-40099\n');
    const reserved = [{ start: 40_000, end: 40_099 }];
    expect(await observer.ephemeralRange()).toEqual({ start: 32_768, end: 60_999, reserved });
  });

  it('fails where the table cannot be read, instead of seeing nothing', async () => {
    const proc = await fakeProc();
    const listeners = createLinuxObserver(proc.path).listeners();
    await expect(listeners).rejects.toThrow(DetectionFailed);
    await expect(listeners).rejects.toThrow(/ENOENT.*: run where \/proc is mounted and may be read\.$/);
  });

  it('fails where the table of IPv6 is there and cannot be read', async () => {
    const proc = await fakeProc();
    await proc.listen(71);
    await proc.write('net/tcp6/directory', '');
    await expect(createLinuxObserver(proc.path).listeners()).rejects.toThrow(/EISDIR/);
  });
});
