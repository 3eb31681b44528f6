/**
 * The registry once more, as simple as the rules allow: lists that are searched from end to end,
 * one caller at a time, no database. It shares no code with the registry.
 */

export type Environment = 'dev' | 'test' | 'production';

export const ranges: Readonly<Record<Environment, readonly [number, number]>> = {
  dev: [8_000, 8_006],
  test: [7_000, 7_002],
  production: [1_022, 1_025],
};
export const reserved = [8_002];
export const quarantineMs = 10_000;
/** The host that is observed; of others, nobody knows who listens. */
export const observedHost = 'quay';

export interface Owner {
  readonly worktreePath: string | null;
  readonly codebaseId: string | null;
  readonly conversationId: string | null;
}

export interface Claim {
  readonly host: string;
  readonly port: number;
  readonly service: string;
  readonly environment: Environment;
  owner: string;
  path: string | null;
  codebase: string | null;
  conversation: string | null;
  description: string | null;
  hostnames: readonly string[];
  readonly allocatedAt: number;
  releasedAt: number | null;
}

export interface Tree {
  readonly host: string;
  readonly path: string;
  branch: string | null;
  codebase: string | null;
  conversation: string | null;
  registeredAt: number;
  removedAt: number | null;
}

export interface Base {
  readonly id: string;
  name: string;
  url: string | null;
  directory: string | null;
  primary: number | null;
  services: Readonly<Record<string, number>>;
  readonly createdAt: number;
}

export interface State {
  now: number;
  listening: readonly number[];
  claims: Claim[];
  trees: Tree[];
  bases: Base[];
  events: { readonly kind: string; readonly host: string; readonly port: number; readonly service: string }[];
}

export const emptyState = (now: number): State => ({
  now,
  listening: [],
  claims: [],
  trees: [],
  bases: [],
  events: [],
});

export interface Seeker {
  readonly host: string;
  readonly environment: Environment;
  readonly owner: string;
  readonly codebase: string | null;
}

export function keyOf({ worktreePath, codebaseId, conversationId }: Owner): string {
  if (worktreePath !== null) return `worktree:${worktreePath}`;
  if (codebaseId !== null) return `codebase:${codebaseId}`;
  return conversationId === null ? 'nobody' : `conversation:${conversationId}`;
}

export const liveAt = (state: State, host: string, port: number) =>
  state.claims.find((claim) => claim.host === host && claim.port === port && claim.releasedAt === null);

export const treeAt = (state: State, host: string, path: string | null) =>
  state.trees.find((tree) => tree.host === host && tree.path === path && tree.removedAt === null);

export function environmentOf(port: number): Environment | undefined {
  for (const environment of ['dev', 'test', 'production'] as const) {
    const [start, end] = ranges[environment];
    if (port >= start && port <= end) return environment;
  }
  return undefined;
}

const configures = (base: Base, port: number) => base.primary === port || Object.values(base.services).includes(port);

/** Rule 6, for one port. */
export function reasonsAgainst(state: State, port: number, { host, environment, owner, codebase }: Seeker): string[] {
  const configuring = state.bases.filter((base) => configures(base, port));
  const releases = state.claims.filter(
    (claim) => claim.host === host && claim.port === port && claim.releasedAt !== null,
  );
  const last = releases.sort((a, b) => Number(b.releasedAt) - Number(a.releasedAt))[0];
  const resting = last && last.owner !== owner && state.now - Number(last.releasedAt) < quarantineMs;
  const facts: [string, boolean][] = [
    ['ALLOCATED', liveAt(state, host, port) !== undefined],
    ['OUT_OF_RANGE', environmentOf(port) !== environment],
    ['PRIVILEGED', port < 1_024],
    ['RESERVED', reserved.includes(port)],
    ['CONFIGURED_ELSEWHERE', configuring.length > 0 && !configuring.some(({ id }) => id === codebase)],
    ['QUARANTINED', resting ?? false],
    ['LISTENING', host === observedHost && state.listening.includes(port)],
  ];
  return facts.flatMap(([reason, isSo]) => (isSo ? [reason] : []));
}

export function freePorts(state: State, seeker: Seeker): number[] {
  const [start, end] = ranges[seeker.environment];
  const all = Array.from({ length: end - start + 1 }, (_, index) => start + index);
  return all.filter((port) => reasonsAgainst(state, port, seeker).length === 0);
}

/** Three free ports: the next ones above, then from the start of the range. */
export function suggestions(state: State, port: number, seeker: Seeker): number[] {
  const free = freePorts(state, seeker).filter((each) => each !== port);
  const above = environmentOf(port) === seeker.environment ? free.filter((each) => each > port) : [];
  return [...new Set([...above, ...free])].slice(0, 3);
}

/** Rule 10. */
export function isParty(state: State, caller: Owner, claim: Claim): boolean {
  const tree = treeAt(state, claim.host, claim.path);
  if (claim.owner === 'nobody') return true;
  if (claim.path !== null && caller.worktreePath === claim.path) return true;
  const conversations = [claim.conversation, tree?.conversation ?? null];
  if (caller.conversationId !== null && conversations.includes(caller.conversationId)) return true;
  return claim.path === null && caller.codebaseId !== null && caller.codebaseId === claim.codebase;
}

/** Writes a worktree: what is not given stays, but a removed one begins anew. */
export function putTree(
  state: State,
  host: string,
  path: string,
  facts: Partial<Pick<Tree, 'branch' | 'codebase' | 'conversation'>>,
): Tree {
  const kept = treeAt(state, host, path);
  const tree: Tree = {
    host,
    path,
    branch: facts.branch ?? kept?.branch ?? null,
    codebase: facts.codebase ?? kept?.codebase ?? null,
    conversation: facts.conversation ?? kept?.conversation ?? null,
    registeredAt: kept?.registeredAt ?? state.now,
    removedAt: null,
  };
  state.trees = [...state.trees.filter((each) => each.host !== host || each.path !== path), tree];
  return tree;
}

export function tell(state: State, kind: string, { host, port, service }: Claim): void {
  state.events.push({ kind, host, port, service });
}
