import { composeListeners } from './compose-listeners.ts';
import { parseDynamicPort } from './dynamic-port.ts';
import { parseWindowsNetstat } from './netstat-windows.ts';
import type { Observer } from './observer.ts';
import { runCommand } from './run-command.ts';
import { parseTasklist } from './tasklist.ts';

/** Asks netstat and tasklist, which tell neither command lines nor working directories. */
export const windowsObserver: Observer = {
  async listeners(ports) {
    const [netstat, tasklist] = await Promise.all([
      runCommand('netstat', ['-ano']),
      runCommand('tasklist', ['/FO', 'CSV', '/NH']).catch(() => ''), // names are not all that counts
    ]);
    const sockets = parseWindowsNetstat(netstat).filter(({ port }) => ports === undefined || ports.has(port));
    const names = parseTasklist(tasklist);
    return composeListeners(sockets, (id) => ({
      id,
      name: names.get(id) ?? null,
      command: null,
      workingDirectory: null,
      ancestorDirectories: [],
    }));
  },

  async ephemeralRange() {
    const netsh = await runCommand('netsh', ['int', 'ipv4', 'show', 'dynamicport', 'tcp']).catch(() => '');
    const range = parseDynamicPort(netsh);
    return range ? { ...range, reserved: [] } : null;
  },
};
