import { expect } from 'vitest';
import type { Grant, ServiceRequest } from '../../src/domain/allocate.ts';
import type { CodebaseRegistration } from '../../src/domain/codebases.ts';
import type { EphemeralRange, SeenListener, SeenProcess } from '../../src/domain/observation.ts';
import { nobody, type Owner } from '../../src/domain/owner.ts';
import type { Policy, PortSpan } from '../../src/domain/policy.ts';
import { asPort, type Port } from '../../src/domain/port.ts';
import { isRefusal, type Refusal } from '../../src/domain/refusals.ts';
import type { Allocation } from '../../src/domain/registry-model.ts';
import type { Observer } from '../../src/observer/observer.ts';
import type { AllocatePortsInput } from '../../src/registry/allocate-ports.ts';
import type { RegisterPortInput } from '../../src/registry/register-port.ts';
import type { RegisterWorktreeInput } from '../../src/registry/register-worktree.ts';
import { createRegistry, type Registry, type RegistryOptions } from '../../src/registry/registry.ts';
import type { ReleasePortInput } from '../../src/registry/release-port.ts';
import type { RemoveWorktreeInput } from '../../src/registry/remove-worktree.ts';
import type { TransferPortsInput } from '../../src/registry/transfer-ports.ts';
import type { Database } from '../../src/storage/database.ts';
import { sharedPaths } from './paths.ts';

/** The host that a test's registry observes. */
export const here = 'quay';

/** The default policy of the tests, with what differs. */
export function policy(overrides: Partial<Policy> = {}): Policy {
  return {
    ranges: { dev: span(8_000, 8_999), test: span(7_000, 7_999), production: span(9_000, 9_999) },
    reserved: new Set([3_000, 5_432, 8_051, 8_181, 3_737]),
    strategy: 'sequential',
    quarantineMs: 300_000,
    utilizationAlert: 0.8,
    cleanup: { misses: 3, inactiveMs: 7 * 86_400_000, historyMs: 90 * 86_400_000 },
    ...overrides,
  };
}

export const span = (start: number, end: number): PortSpan => ({ start: asPort(start), end: asPort(end) });

/** A registry on an opened database, on whose host nobody listens; `overrides` says what differs. */
export function openRegistry(database: Database, overrides: Partial<RegistryOptions> = {}): Registry {
  return createRegistry({
    database,
    policy: policy(),
    hostName: here,
    probePort: async () => 'free',
    observer: seeing(),
    ...overrides,
    paths: overrides.paths ?? sharedPaths(),
  });
}

/** An observer of a host on which this listens: a live list, which a test may change. */
export const seeing = (
  listeners: readonly SeenListener[] = [],
  ephemeralRange: EphemeralRange | null = null,
): Observer => ({
  listeners: async (ports) => listeners.filter(({ port }) => !ports || ports.has(port)),
  ephemeralRange: async () => ephemeralRange,
});

/** A process that listens on a port of 127.0.0.1: `listener(8000, { workingDirectory: '/wt/a' })`; null for one that cannot be seen. */
export const listener = (port: number, process: Partial<SeenProcess> | null = {}): SeenListener => ({
  port: asPort(port),
  addresses: ['127.0.0.1'],
  process: process && {
    id: 4_711,
    name: 'node',
    command: 'node server.js',
    workingDirectory: null,
    ancestorDirectories: [],
    ...process,
  },
});

/** A clock that stands still until it is told to advance: `openRegistry(database, { clock: clock.now })`. */
export function stoppedClock(start = '2026-11-22T12:00:00.000Z') {
  let now = new Date(start);
  let passedMs = 0;
  const jump = (milliseconds: number) => {
    now = new Date(now.getTime() + milliseconds);
  };
  return {
    now: () => now,
    /** Milliseconds that have passed, whatever the clock says. */
    monotonic: () => passedMs,
    advance(milliseconds: number) {
      passedMs += milliseconds;
      jump(milliseconds);
    },
    /** Sets the clock to another time, forward or back. */
    jump,
  };
}

/** A probe that finds these ports listened on: a live set, to which a test may add. */
export const listeningOn = (ports: ReadonlySet<number>) => async (port: number) =>
  ports.has(port) ? 'listening' : 'free';

export const worktree = (worktreePath: string, rest: Partial<Owner> = {}): Owner => ({
  ...nobody,
  worktreePath,
  ...rest,
});
export const codebase = (codebaseId: string, rest: Partial<Owner> = {}): Owner => ({ ...nobody, codebaseId, ...rest });
export const conversation = (conversationId: string): Owner => ({ ...nobody, conversationId });

type ServiceWishes = Partial<Omit<ServiceRequest, 'serviceName' | 'preferredPort' | 'exactPort'>> & {
  readonly preferredPort?: number;
  readonly exactPort?: number;
};

/** One service of a group: `service('web', { exactPort: 8080 })`. */
export function service(
  serviceName: string,
  { preferredPort, exactPort, ...rest }: ServiceWishes = {},
): ServiceRequest {
  return {
    serviceName,
    description: null,
    metadata: null,
    publicHostnames: [],
    preferredPort: portOrNull(preferredPort),
    exactPort: portOrNull(exactPort),
    ...rest,
  };
}

type CallOptions = Partial<Omit<AllocatePortsInput, 'services'>>;
const call = { environment: 'dev', owner: nobody, host: null, force: false } as const;

/** The input of allocatePort: `claim('web', { owner: worktree('/wt/a'), exactPort: 8080 })`. */
export function claim(serviceName: string, options: CallOptions & ServiceWishes = {}) {
  const { environment, owner, host, force, ...wishes } = { ...call, ...options };
  return { environment, owner, host, force, service: service(serviceName, wishes) };
}

/** The input of allocatePorts: `claims([service('web'), service('api')], { owner })`. */
export const claims = (services: readonly ServiceRequest[], options: CallOptions = {}): AllocatePortsInput => ({
  ...call,
  ...options,
  services,
});

/** The input of releasePort. */
export const release = (port: number, options: Partial<Omit<ReleasePortInput, 'port'>> = {}): ReleasePortInput => ({
  port: asPort(port),
  host: null,
  owner: nobody,
  force: false,
  ...options,
});

/** The input of registerPort. */
export const registration = (
  port: number,
  serviceName: string,
  options: Partial<Omit<RegisterPortInput, 'port' | 'serviceName'>> = {},
): RegisterPortInput => ({
  ...call,
  port: asPort(port),
  serviceName,
  description: null,
  metadata: null,
  publicHostnames: null,
  ...options,
});

/** The input of transferPorts. */
export const handover = (
  ports: readonly number[],
  options: Pick<TransferPortsInput, 'to'> & Partial<TransferPortsInput>,
) => ({
  host: null,
  owner: nobody,
  force: false,
  ...options,
  ports: ports.map(asPort),
});

/** The input of registerWorktree. */
export const checkout = (path: string, options: Partial<RegisterWorktreeInput> = {}): RegisterWorktreeInput => ({
  path,
  host: null,
  branch: null,
  codebaseId: null,
  conversationId: null,
  environment: 'dev',
  services: null,
  ...options,
});

/** The input of removeWorktree. */
export const removal = (path: string, options: Partial<Omit<RemoveWorktreeInput, 'path'>> = {}) => ({
  path,
  host: null,
  owner: nobody,
  force: false,
  ...options,
});

interface CodebaseFacts extends Partial<Omit<CodebaseRegistration, 'name' | 'ports'>> {
  readonly primaryPort?: number;
  readonly servicePorts?: Readonly<Record<string, number>>;
}

/** The input of registerCodebase: `repository('shop', { id: 'shop', servicePorts: { web: 8100 } })`. */
export function repository(name: string, facts: CodebaseFacts = {}): CodebaseRegistration {
  const { primaryPort, servicePorts = {}, ...rest } = facts;
  const ports = {
    primaryPort: portOrNull(primaryPort),
    servicePorts: Object.fromEntries(Object.entries(servicePorts).map(([service, port]) => [service, asPort(port)])),
  };
  const isConfigured = primaryPort !== undefined || facts.servicePorts !== undefined;
  return {
    id: undefined,
    repositoryUrl: undefined,
    defaultCwd: undefined,
    ...rest,
    name,
    ports: isConfigured ? ports : undefined,
  };
}

const portOrNull = (port: number | undefined): Port | null => (port === undefined ? null : asPort(port));

/** The answer, where it is none of the refusals: `granted(await registry.allocatePort(…)).allocation`. */
export function granted<Outcome>(outcome: Outcome): Exclude<Outcome, Refusal> {
  if (isRefusal(outcome)) expect.fail(`was refused: ${outcome.code}: ${outcome.message}`);
  return outcome as Exclude<Outcome, Refusal>; // just checked
}

/** The refusal with this code: `refused(await registry.allocatePort(…), 'PORT_UNAVAILABLE').reasons`. */
export function refused<Code extends Refusal['code']>(outcome: unknown, code: Code): Extract<Refusal, { code: Code }> {
  if (!isRefusal(outcome)) expect.fail(`was not refused but answered ${JSON.stringify(outcome)}`);
  expect(outcome).toHaveProperty('code', code);
  return outcome as Extract<Refusal, { code: Code }>; // just checked
}

/** Allocates one port and answers its allocation. */
export async function allocate(registry: Registry, ...input: Parameters<typeof claim>): Promise<Allocation> {
  const grant: Grant = granted(await registry.allocatePort(claim(...input)));
  return grant.allocation;
}
