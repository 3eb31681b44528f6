import { join } from 'node:path';
import { embedded } from '../support/databases.ts';
import { openRegistry, worktree } from '../support/registry.ts';

export const owner = worktree('/wt/a');

/** An embedded registry whose changes are on the disk before they are answered, and where its journal is. */
export async function openFull() {
  const place = await embedded.create();
  const { dataDirectory = '' } = place;
  const database = await place.open({ durability: 'full' });
  return { place, database, dataDirectory, registry: openRegistry(database), path: join(dataDirectory, 'journal') };
}
