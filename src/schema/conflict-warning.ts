import { z } from 'zod';
import type { ConflictKind } from '../domain/registry-model.ts';
import type { LoggedConflict } from '../storage/conflict-log.ts';
import type { Builder } from './builder.ts';
import type { ConflictRef } from './conflict.ts';
import type { Enums } from './enums.ts';
import { hostName, severalOf } from './input-rules.ts';
import { parseInput } from './parse-input.ts';

const conflictFilterInput = z
  .object({ host: hostName.nullish(), kinds: severalOf(z.custom<ConflictKind>()).nullish() }) // by its enum
  .transform(({ host, kinds }) => ({ hostName: host ?? undefined, kinds: kinds ?? undefined }));

/** The subscription to conflicts. */
export function addConflictWarning(builder: Builder, { ConflictKind }: Enums, Conflict: ConflictRef): void {
  builder.subscriptionField('conflictWarning', (t) =>
    t.field({
      type: Conflict,
      description:
        'The conflicts that are open now, in the order in which they opened; then each that opens or resolves, as it does.',
      args: {
        host: t.arg.string({ description: 'Only those on this host. Left out: on all hosts.' }),
        kinds: t.arg({ type: [ConflictKind], description: 'Any of these kinds. Left out: all.' }),
      },
      subscribe: (_root, args, { feed }) => feed.conflicts(parseInput(conflictFilterInput, args)),
      resolve: ({ conflict, host, allocation, worktree }: LoggedConflict) => ({
        ...conflict,
        host,
        allocation,
        worktree,
      }),
    }),
  );
}
