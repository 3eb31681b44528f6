import type { CleanupReason } from '../domain/cleanup.ts';
import type { Builder } from './builder.ts';

export const addCleanupReason = (builder: Builder) =>
  builder.enumType('CleanupReason', {
    description: 'Why a cleanup releases or deletes an allocation (the first three), or keeps it.',
    values: {
      ORPHANED_WORKTREE: { description: 'Released: its worktree is gone from disk.' },
      INACTIVE: { description: 'Released: scans have seen it idle for PORT_INACTIVE_DAYS.' },
      RELEASED_HISTORY: {
        description: 'Deleted: it was released longer ago than history is kept (PORT_HISTORY_DAYS).',
      },
      STILL_LISTENING: { description: 'Kept: something listens on its port, or may.' },
      PRODUCTION: { description: 'Kept: production is released by hand only.' },
      RECENTLY_SEEN: {
        description:
          'Kept: it was used or allocated not long ago, or too few scans in a row have found it gone or unused.',
      },
      NOT_VISIBLE_FROM_HERE: { description: 'Kept: its host or its worktree cannot be seen by this server.' },
      HAS_PUBLIC_HOSTNAME: { description: 'Kept: public hostnames point at it.' },
    } satisfies Record<CleanupReason, object>,
  });
