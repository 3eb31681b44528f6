import type { PortAllocation, RegistryClient } from '../client/client.ts';
import { type Berths, claimPorts, configurationOf } from './claim-ports.ts';
import { explain } from './fail.ts';
import type { Place } from './session.ts';
import { type WrittenConfig, writeConfig } from './write-config.ts';

/** A worktree that has its ports, and a file that says so. */
export interface FurnishedWorktree {
  readonly worktree: Berths['worktree'];
  readonly allocations: readonly PortAllocation[];
  /** Its `.env.local`; null where that could not be written, and the notes say why. */
  readonly written: Pick<WrittenConfig, 'path' | 'changed'> | null;
  /** What somebody should know, a sentence each. */
  readonly notes: readonly string[];
}

/** Registers a worktree, gives it its ports (see `claimPorts`), and writes them into its `.env.local`. */
export async function furnishWorktree(
  services: readonly string[],
  place: Place,
  client: RegistryClient,
): Promise<FurnishedWorktree> {
  const berths = await claimPorts(services, place, client);
  const { worktree, allocations } = berths;
  const config = await configurationOf(berths, 'DOTENV', client);
  try {
    const { notes, ...written } = await writeConfig(place.worktreePath, config);
    return { worktree, allocations, written, notes };
  } catch (error) {
    return {
      worktree,
      allocations,
      written: null,
      notes: [`The ports are held, but not written down: ${explain(error)}`],
    };
  }
}
