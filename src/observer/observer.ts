import type { EphemeralRange, SeenListener } from '../domain/observation.ts';
import { DetectionFailed } from './detection-failed.ts';
import { createLinuxObserver } from './linux.ts';
import { macosObserver } from './macos.ts';
import { windowsObserver } from './windows.ts';

/** Sees what this host really does. */
export interface Observer {
  /**
   * Everything that listens on TCP, by port and then process id. Rejects with DetectionFailed where it cannot
   * be found out. `ports`: only these, sooner.
   */
  listeners(ports?: ReadonlySet<number>): Promise<SeenListener[]>;
  /** The ports that the system gives to outgoing connections; null where it cannot be told. */
  ephemeralRange(): Promise<EphemeralRange | null>;
}

/** The observer of this host, by the means of its platform. It needs no closing. */
export function createObserver(platform: NodeJS.Platform = process.platform): Observer {
  switch (platform) {
    case 'linux':
      return createLinuxObserver();
    case 'darwin':
      return macosObserver;
    case 'win32':
      return windowsObserver;
    default:
      return blind(platform);
  }
}

function blind(platform: NodeJS.Platform): Observer {
  return {
    async listeners() {
      throw new DetectionFailed(
        `The listeners of this host cannot be found out on ${platform}: run Wharfinger on Linux, macOS or Windows.`,
      );
    },
    async ephemeralRange() {
      return null;
    },
  };
}
