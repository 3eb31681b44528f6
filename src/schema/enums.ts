import type { Builder } from './builder.ts';
import { addConflictEnums } from './conflict-enums.ts';

/** The enums, by what the rest of the code calls their values. */
export type Enums = ReturnType<typeof addEnums>;

export function addEnums(builder: Builder) {
  const Environment = builder.enumType('Environment', {
    description: 'What a port is for. Each environment has a range of ports of its own.',
    values: {
      DEV: { value: 'dev', description: 'Development servers; 8000 to 8999 unless configured otherwise.' },
      TEST: { value: 'test', description: 'Test runs; 7000 to 7999 unless configured otherwise.' },
      PRODUCTION: {
        value: 'production',
        description: 'Services that are meant to stay; 9000 to 9999 unless configured otherwise. Never cleaned up.',
      },
    } as const,
  });
  const AllocationStatus = builder.enumType('AllocationStatus', {
    description: 'How an allocation stands. ALLOCATED and ACTIVE are live: they hold their port.',
    values: {
      ALLOCATED: { value: 'allocated', description: 'Held; its owner has not been seen listening since.' },
      ACTIVE: { value: 'active', description: 'Held; its owner was seen listening at the last look.' },
      RELEASED: { value: 'released', description: 'History: the port is free for others.' },
    } as const,
  });
  const Liveness = builder.enumType('Liveness', {
    description: 'Who listens on a held port, as the observer of its host last saw it.',
    values: {
      LIVE: { value: 'live', description: 'Its owner listens: in the worktree that holds it, or started from there.' },
      IDLE: { value: 'idle', description: 'Nobody listens. The port is held all the same.' },
      SQUATTED: {
        value: 'squatted',
        description: "A process of another worktree listens: see the allocation's conflicts.",
      },
      UNKNOWN: {
        value: 'unknown',
        description:
          'It cannot be told: no observer looks at the host, nobody has looked since the claim was made, the process cannot be seen, or the claim is history.',
      },
    } as const,
  });
  const SortDirection = builder.enumType('SortDirection', {
    description: 'Which end of an order comes first.',
    values: {
      ASC: { value: 'asc', description: 'The lowest, oldest or alphabetically first one first.' },
      DESC: { value: 'desc', description: 'The highest, newest or alphabetically last one first.' },
    } as const,
  });
  const AllocationOrderField = builder.enumType('AllocationOrderField', {
    description: 'What allocations can be ordered by.',
    values: {
      PORT: { value: 'port', description: 'By port number.' },
      ALLOCATED_AT: { value: 'allocatedAt', description: 'By when the claim was made.' },
      SERVICE_NAME: { value: 'serviceName', description: "By the service's name." },
    } as const,
  });
  const UnavailableReason = builder.enumType('UnavailableReason', {
    description: 'Why a port cannot be had.',
    values: {
      ALLOCATED: { description: 'A live allocation holds it, whether or not its service is up.' },
      RESERVED: { description: 'It is on the list of reserved ports (RESERVED_PORTS).' },
      LISTENING: { description: 'Something listens on it right now. The only reason that force overrides.' },
      QUARANTINED: { description: 'Another owner released it a moment ago (PORT_QUARANTINE_SECONDS).' },
      CONFIGURED_ELSEWHERE: { description: 'Another codebase configures it for one of its services.' },
      OUT_OF_RANGE: { description: 'It lies outside the range of the environment.' },
      PRIVILEGED: { description: 'It is below 1024, where listening needs privileges.' },
    },
  });
  const AllocationEventKind = builder.enumType('AllocationEventKind', {
    description: 'What happened to an allocation.',
    values: {
      ALLOCATED: { value: 'allocated', description: 'A port was allocated.' },
      REGISTERED: {
        value: 'registered',
        description: 'A known port was registered, or its description brought up to date.',
      },
      ACTIVATED: { value: 'activated', description: 'Its owner was seen listening.' },
      DEACTIVATED: { value: 'deactivated', description: 'Its owner no longer listens; the port stays held.' },
      TRANSFERRED: { value: 'transferred', description: 'It was handed to another owner or conversation.' },
      RELEASED: { value: 'released', description: 'The port was released.' },
    } as const,
  });
  const ErrorCode = builder.enumType('ErrorCode', {
    description: 'Which refusal it is, for callers that do not look at type names.',
    values: {
      PORT_UNAVAILABLE: { description: 'A PortUnavailable.' },
      RANGE_EXHAUSTED: { description: 'A RangeExhausted.' },
      NOT_OWNER: { description: 'A NotOwner.' },
      NOT_FOUND: { description: 'A NotFound.' },
      INVALID_INPUT: { description: 'An InvalidInput.' },
    },
  });
  return {
    Environment,
    AllocationStatus,
    Liveness,
    SortDirection,
    AllocationOrderField,
    UnavailableReason,
    AllocationEventKind,
    ErrorCode,
    ...addConflictEnums(builder),
  };
}
