import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackfillInput, BackfillReport } from '../../src/registry/backfill-worktrees.ts';
import type { Registry, RegistryOptions } from '../../src/registry/registry.ts';
import { readEvents } from '../../src/storage/event-log.ts';
import type { Engine } from '../support/databases.ts';
import { createRepository, type GitRepository } from '../support/git-repository.ts';
import { granted, openRegistry, repository as registration, stoppedClock } from '../support/registry.ts';

interface HarbourSettings extends Partial<RegistryOptions> {
  readonly repository?: GitRepository;
}

/** A registry that knows a codebase with a real repository. */
export async function openHarbour(engine: Engine, { repository, ...overrides }: HarbourSettings = {}) {
  const database = await engine.open();
  const registry = openRegistry(database, { clock: stoppedClock().now, ...overrides });
  const git = repository ?? (await createRepository());
  granted(await registry.registerCodebase(registration('shop', { id: 'shop', defaultCwd: git.path })));
  const events = () => readEvents(database, 0, 1_000);
  return { database, registry, git, events };
}

export const ask = (registry: Registry, input: Partial<BackfillInput> = {}) =>
  registry.backfillWorktrees({ codebaseId: 'shop', dryRun: false, conversations: [], ...input });

export const backfill = async (registry: Registry, input?: Partial<BackfillInput>): Promise<BackfillReport> =>
  granted(await ask(registry, input));

export const env = (path: string, text: string, file = '.env') => writeFile(join(path, file), text);

export const heldBy = ({ items }: BackfillReport) =>
  items.map(({ worktree, allocations }) => [worktree.path, allocations.map(({ port }) => port)]);
