import type { conflictActions } from '../domain/conflicts.ts';
import type { Builder } from './builder.ts';

/** The enums of conflicts, by what the rest of the code calls their values. */
export function addConflictEnums(builder: Builder) {
  const ConflictKind = builder.enumType('ConflictKind', {
    description: 'What is wrong.',
    values: {
      PORT_SQUATTED: {
        value: 'port_squatted',
        description: "A held port is listened on by a process that is not its owner's.",
      },
      UNREGISTERED_LISTENER: {
        value: 'unregistered_listener',
        description: 'Something listens inside a managed range, on a port that nobody holds.',
      },
      ALLOCATED_WHILE_LISTENING: {
        value: 'allocated_while_listening',
        description: "A port was allocated by force while something listened on it, which is still not the owner's.",
      },
      RANGE_NEARLY_EXHAUSTED: {
        value: 'range_nearly_exhausted',
        description: 'A range is used to the alert threshold or beyond (PORT_UTILIZATION_ALERT).',
      },
      ORPHANED_WORKTREE: {
        value: 'orphaned_worktree',
        description: 'The worktree of live allocations is gone from disk. Cleanups release them in time.',
      },
      PORT_CONFIG_COLLISION: {
        value: 'port_config_collision',
        description: 'Two codebases configure the same port, or one configures a port that somebody else holds.',
      },
      RANGE_OVERLAP: {
        value: 'range_overlap',
        description: 'A range overlaps the one from which the host gives ports to outgoing connections.',
      },
    } as const,
  });
  const ConflictState = builder.enumType('ConflictState', {
    description: 'Whether a conflict is still to be settled.',
    values: {
      OPEN: { value: 'open', description: 'Its cause lasts, and nobody has dismissed it.' },
      RESOLVED: { value: 'resolved', description: 'Its cause is gone, or somebody settled or dismissed it.' },
    } as const,
  });
  const ConflictAction = builder.enumType('ConflictAction', {
    description: 'What can be done about a conflict. Nothing ever stops a process.',
    values: {
      ADOPT: { description: 'Register what listens, under the worktree and the name that can be told of it.' },
      REALLOCATE: { description: 'Give the holder another port, and release this one.' },
      RELEASE: { description: 'Release the claims that it is about; of a worktree that is gone, all of them.' },
      DISMISS: { description: 'Close it. It does not open again while the same cause lasts.' },
    } satisfies Record<(typeof conflictActions)[number], object>,
  });
  return { ConflictKind, ConflictState, ConflictAction };
}
