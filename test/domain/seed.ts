import { type AllocationRequest, decideAllocation, type ServiceRequest } from '../../src/domain/allocate.ts';
import { Catalog } from '../../src/domain/catalog.ts';
import type { Surroundings } from '../../src/domain/choose.ts';
import { ConflictBook } from '../../src/domain/conflict-book.ts';
import type { Decision, ProbeResult } from '../../src/domain/decision.ts';
import { Ledger } from '../../src/domain/ledger.ts';
import type { PlacedListener } from '../../src/domain/listeners.ts';
import type { SeenListener, SeenProcess } from '../../src/domain/observation.ts';
import { Occupancy } from '../../src/domain/occupancy.ts';
import { nobody, type Owner, ownerKey } from '../../src/domain/owner.ts';
import type { Policy, PortSpan } from '../../src/domain/policy.ts';
import { asPort, type Port } from '../../src/domain/port.ts';
import type { Allocation, Codebase, Conflict, Worktree } from '../../src/domain/registry-model.ts';

export const quay = 'quay';
export const noon = new Date('2026-03-01T12:00:00.000Z');
export const fromNoon = (ms: number, start: Date = noon) => new Date(start.getTime() + ms);
export const span = (start: number, end: number): PortSpan => ({ start: asPort(start), end: asPort(end) });
export const ports = (...numbers: number[]): Port[] => numbers.map(asPort);

/** Ranges of ten ports each, nothing reserved, five minutes of quarantine. */
export const smallPolicy: Policy = {
  ranges: { dev: span(8000, 8009), test: span(7000, 7009), production: span(9000, 9009) },
  reserved: new Set(),
  strategy: 'sequential',
  quarantineMs: 300_000,
  utilizationAlert: 1,
  cleanup: { misses: 3, inactiveMs: 7 * 86_400_000, historyMs: 90 * 86_400_000 },
};

export const inWorktree = (worktreePath: string, rest: Partial<Owner> = {}): Owner => ({
  ...nobody,
  ...rest,
  worktreePath,
});
export const ofCodebase = (codebaseId: string, rest: Partial<Owner> = {}): Owner => ({
  ...nobody,
  ...rest,
  codebaseId,
});
export const inConversation = (conversationId: string): Owner => ({ ...nobody, conversationId });

const worktreeId = (path: string) => `worktree at ${path}`;

export function worktree(path: string, facts: Partial<Worktree> = {}): Worktree {
  return {
    id: worktreeId(path),
    hostName: quay,
    path,
    branch: null,
    codebaseId: null,
    conversationId: null,
    registeredAt: noon,
    removedAt: null,
    missingSince: null,
    misses: 0,
    device: null,
    ...facts,
  };
}

export function codebase(id: string, facts: Partial<Codebase> = {}): Codebase {
  return {
    id,
    name: id,
    repositoryUrl: null,
    defaultCwd: null,
    primaryPort: null,
    servicePorts: {},
    createdAt: noon,
    ...facts,
  };
}

type AllocationFacts = Partial<Omit<Allocation, 'owner' | 'port'>> & { readonly owner?: Owner };

/** A live allocation, or a released one where `releasedAt` is given. */
export function allocation(port: number, { owner = nobody, ...facts }: AllocationFacts = {}): Allocation {
  return {
    id: `allocation ${port} of ${ownerKey(owner)}`,
    hostName: quay,
    port: asPort(port),
    serviceName: 'web',
    description: null,
    environment: 'dev',
    status: facts.releasedAt ? 'released' : 'allocated',
    owner: ownerKey(owner),
    codebaseId: owner.codebaseId,
    worktreeId: owner.worktreePath === null ? null : worktreeId(owner.worktreePath),
    conversationId: owner.conversationId,
    metadata: null,
    publicHostnames: [],
    allocatedAt: noon,
    releasedAt: null,
    liveness: 'unknown',
    misses: 0,
    lastCheckedAt: null,
    lastActiveAt: null,
    idleSince: null,
    processId: null,
    ...facts,
  };
}

export interface Scene {
  readonly allocations?: readonly Allocation[];
  readonly worktrees?: readonly Worktree[];
  readonly codebases?: readonly Codebase[];
  readonly listening?: readonly number[];
  /** Ports that nobody has probed; all others were. */
  readonly unprobed?: readonly number[];
  /** Who listens on a port; of others nothing can be told. */
  readonly identified?: ReadonlyMap<number, PlacedListener>;
  readonly conflicts?: readonly Conflict[];
  readonly scannedAt?: Date;
  /** The host's observed time. Default: now. */
  readonly observedTime?: Date | null;
  readonly historyTime?: Date | null;
  readonly policy?: Partial<Policy>;
  readonly now?: Date;
  readonly random?: () => number;
}

/** A ledger that holds just this, and what is around it. */
export function seed(scene: Scene = {}): Surroundings {
  const { allocations = [], worktrees = [], codebases = [], now = noon, random = () => 0.5 } = scene;
  const catalog = new Catalog();
  for (const each of codebases) catalog.put(each);
  const occupancy = new Occupancy();
  for (const { port, owner, releasedAt } of allocations) {
    if (releasedAt) occupancy.release(port, { owner, releasedAt });
  }
  for (const { port, releasedAt } of allocations) if (!releasedAt) occupancy.hold(port);
  let ids = 0;
  const newId = () => `new ${++ids}`;
  const conflicts = new ConflictBook();
  for (const each of scene.conflicts ?? []) conflicts.put(each);
  const times = {
    scannedAt: scene.scannedAt ?? null,
    observedTime: scene.observedTime === undefined ? now : scene.observedTime,
    historyTime: scene.historyTime ?? null,
  };
  const hosts = new Map([[quay, { occupancy, conflicts, ...times }]]);
  const ledger = new Ledger({ now, newId, catalog, hosts, worktrees, allocations });
  const probed = (_hostName: string, port: number): ProbeResult | undefined => {
    if (scene.unprobed?.includes(port)) return undefined;
    return scene.listening?.includes(port) ? 'listening' : 'free';
  };
  const identified = (_hostName: string, port: number) => scene.identified?.get(port) ?? null;
  return { ledger, policy: { ...smallPolicy, ...scene.policy }, probed, identified, random };
}

export function service(serviceName: string, wish: { preferred?: number; exact?: number } = {}): ServiceRequest {
  return {
    serviceName,
    description: null,
    preferredPort: wish.preferred === undefined ? null : asPort(wish.preferred),
    exactPort: wish.exact === undefined ? null : asPort(wish.exact),
    metadata: null,
    publicHostnames: [],
  };
}

export function request(
  services: readonly ServiceRequest[],
  facts: Partial<Omit<AllocationRequest, 'services'>> = {},
): AllocationRequest {
  return { hostName: quay, environment: 'dev', owner: nobody, force: false, services, ...facts };
}

/** A process that listens on a port: `seen(8000, { workingDirectory: '/shop' })`; null for one that cannot be seen. */
export function seen(port: number, process: Partial<SeenProcess> | null = {}): SeenListener {
  const anyProcess = { id: 4711, name: 'node', command: 'node server.js', workingDirectory: null };
  return {
    port: asPort(port),
    addresses: ['127.0.0.1'],
    process: process && { ...anyProcess, ancestorDirectories: [], ...process },
  };
}

/** The same, among these registered worktrees. */
export function placed(
  port: number,
  process: Partial<SeenProcess> | null,
  worktrees: readonly Worktree[] = [],
): PlacedListener {
  return { seen: seen(port, process), worktrees: new Map(worktrees.map((each) => [each.path, each])) };
}

/** The outcome of a decision for which everything was probed. */
export function outcomeOf<Outcome>(decision: Decision<Outcome>): Outcome {
  if ('unprobed' in decision) throw new Error(`Still to be probed: ${decision.unprobed.join(', ')}`);
  return decision.outcome;
}

/** The ports that a request is granted, in the order of its services; throws the refusal where it is refused. */
export function granted(surroundings: Surroundings, asked: AllocationRequest): number[] {
  const outcome = outcomeOf(decideAllocation(asked, surroundings));
  if (outcome instanceof Error) throw outcome;
  return outcome.map((grant) => grant.allocation.port);
}
