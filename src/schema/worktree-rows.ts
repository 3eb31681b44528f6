import type { Worktree } from '../domain/registry-model.ts';
import type { Worktree as WorktreeRow } from '../storage/prisma/client.ts';
import type { Loaders } from './loaders.ts';

/** A worktree as a row, whose other columns no field tells. */
export const worktreeRow = (worktree: Worktree): WorktreeRow => ({ ...worktree, device: null, revision: 0n });

/** The worktree with an id, with what `query` wants of it; null for none. */
export const findWorktree = ({ worktree }: Loaders, query: object, id: string | null) =>
  id === null ? null : worktree.load({ of: id, wish: query });
