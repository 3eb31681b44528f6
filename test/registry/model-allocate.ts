import {
  type Claim,
  type Environment,
  environmentOf,
  freePorts,
  keyOf,
  liveAt,
  type Owner,
  putTree,
  reasonsAgainst,
  type Seeker,
  type State,
  suggestions,
  tell,
  treeAt,
} from './model.ts';
import type { Allocate, Answer, Register, Wish } from './model-commands.ts';

/** For whom it is, or the refusal. */
export function identify(
  state: State,
  host: string,
  owner: Owner,
  environment: Environment,
  moves = false,
): Seeker | { refused: string } {
  const { codebaseId } = owner;
  if (codebaseId !== null && !state.bases.some(({ id }) => id === codebaseId)) return { refused: 'NOT_FOUND' };
  const tree = owner.worktreePath === null ? undefined : treeAt(state, host, owner.worktreePath);
  const isElsewhere = codebaseId !== null && tree?.codebase && tree.codebase !== codebaseId;
  if (isElsewhere && !moves) return { refused: 'INVALID_INPUT' };
  return { host, environment, owner: keyOf(owner), codebase: codebaseId ?? tree?.codebase ?? null };
}

/** A worktree that is not registered is registered by the call, and gets its codebase by it. */
export function settle(state: State, host: string, { worktreePath, codebaseId, conversationId }: Owner): void {
  if (worktreePath === null) return;
  const tree = treeAt(state, host, worktreePath);
  if (tree && (codebaseId === null || tree.codebase === codebaseId)) return;
  putTree(state, host, worktreePath, { codebase: codebaseId, conversation: conversationId });
}

function unavailable(state: State, port: number, reasons: string[], seeker: Seeker): Answer {
  return {
    refused: 'PORT_UNAVAILABLE',
    port,
    reasons: [...new Set(reasons)].sort(),
    instead: suggestions(state, port, seeker),
  };
}

type Facts = Pick<Claim, 'port' | 'service' | 'description' | 'hostnames'>;

function claim(state: State, facts: Facts, seeker: Seeker, owner: Owner): Claim {
  settle(state, seeker.host, owner);
  const made: Claim = {
    ...facts,
    host: seeker.host,
    environment: seeker.environment,
    owner: seeker.owner,
    path: owner.worktreePath,
    codebase: seeker.codebase,
    conversation: owner.conversationId,
    allocatedAt: state.now,
    releasedAt: null,
  };
  state.claims.push(made);
  return made;
}

/** `moves`: a worktree may change its codebase by it. */
export function allocate(
  state: State,
  { host, owner, environment, wishes, force }: Omit<Allocate, 'verb'>,
  moves = false,
): Answer {
  const seeker = identify(state, host, owner, environment, moves);
  if ('refused' in seeker) return seeker;
  const ofService = (service: string) => (each: Claim) =>
    each.host === host && each.environment === environment && each.owner === seeker.owner && each.service === service;
  const ports: (number | undefined)[] = [];
  const held = new Set<number>();
  for (const [index, { service, exact }] of wishes.entries()) {
    const live = state.claims.filter((each) => ofService(service)(each) && each.releasedAt === null);
    live.sort((a, b) => a.allocatedAt - b.allocatedAt || a.port - b.port);
    const port = live.find((each) => each.port === exact)?.port ?? live[0]?.port;
    if (port === undefined) continue;
    if (exact !== null && exact !== port) return { refused: 'INVALID_INPUT' };
    ports[index] = port;
    held.add(index);
  }
  const mayHave = (port: number | null | undefined): port is number =>
    typeof port === 'number' && !ports.includes(port) && reasonsAgainst(state, port, seeker).length === 0;
  for (const [index, { exact }] of wishes.entries()) {
    if (exact === null || ports[index] !== undefined) continue;
    const reasons = reasonsAgainst(state, exact, seeker).filter((reason) => !(force && reason === 'LISTENING'));
    if (ports.includes(exact)) reasons.push('ALLOCATED');
    if (reasons.length > 0) return unavailable(state, exact, reasons, seeker);
    ports[index] = exact;
  }
  const base = state.bases.find(({ id }) => id === seeker.codebase);
  const choices: ((wish: Wish) => (number | null | undefined)[])[] = [
    ({ preferred }) => [preferred],
    ({ service }) => {
      const configured = base?.services[service] ?? (base?.name === service ? base.primary : null);
      const former = state.claims.filter((each) => ofService(service)(each) && each.releasedAt !== null);
      former.sort((a, b) => Number(b.releasedAt) - Number(a.releasedAt) || a.port - b.port);
      return [configured, former[0]?.port];
    },
    () => freePorts(state, seeker),
  ];
  for (const choice of choices) {
    for (const [index, wish] of wishes.entries()) ports[index] ??= choice(wish).find(mayHave) ?? undefined;
  }
  if (wishes.some((_, index) => ports[index] === undefined)) return { refused: 'RANGE_EXHAUSTED' };
  const granted = wishes.map(({ service, description = null }, index) => {
    const port = Number(ports[index]);
    if (held.has(index)) return { port, created: false };
    tell(state, 'allocated', claim(state, { port, service, description, hostnames: [] }, seeker, owner));
    return { port, created: true };
  });
  return { granted };
}

export function register(state: State, command: Register): Answer {
  const { host, owner, port, service, environment, description, hostnames, force } = command;
  const seeker = identify(state, host, owner, environment);
  if ('refused' in seeker) return seeker;
  const held = liveAt(state, host, port);
  if (held) {
    const isSame = held.owner === seeker.owner && held.service === service && held.environment === environment;
    if (!isSame) return unavailable(state, port, ['ALLOCATED'], seeker);
    const before = JSON.stringify(held);
    held.description = description ?? held.description;
    held.hostnames = hostnames ?? held.hostnames;
    if (JSON.stringify(held) !== before) tell(state, 'registered', held);
    return { granted: [{ port, created: false }] };
  }
  const rangeOf = environmentOf(port);
  if (rangeOf && rangeOf !== environment && !force) return unavailable(state, port, ['OUT_OF_RANGE'], seeker);
  tell(state, 'registered', claim(state, { port, service, description, hostnames: hostnames ?? [] }, seeker, owner));
  return { granted: [{ port, created: true }] };
}
