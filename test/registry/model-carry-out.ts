import { type Base, type Claim, isParty, liveAt, putTree, type State, tell, treeAt } from './model.ts';
import { allocate, identify, register, settle } from './model-allocate.ts';
import type { Answer, Checkout, Codebase, Command, Release, Remove, Transfer } from './model-commands.ts';

/** What the registry must answer; changes the state accordingly, or not at all where it refuses. */
export function carryOut(state: State, command: Command): Answer {
  switch (command.verb) {
    case 'allocate':
      return allocate(state, command);
    case 'release':
      return release(state, command);
    case 'register':
      return register(state, command);
    case 'transfer':
      return transfer(state, command);
    case 'checkout':
      return checkout(state, command);
    case 'remove':
      return remove(state, command);
    case 'codebase':
      return registerCodebase(state, command);
  }
}

function mayAct(
  state: State,
  { host, owner, force }: Release | Transfer | Remove,
  port: number,
): Claim | { refused: string } {
  const held = liveAt(state, host, port);
  if (!held) return { refused: 'NOT_FOUND' };
  if (force) return held;
  return isParty(state, owner, held) && held.hostnames.length === 0 ? held : { refused: 'NOT_OWNER' };
}

function release(state: State, command: Release): Answer {
  const held = mayAct(state, command, command.port);
  if ('refused' in held) return held;
  held.releasedAt = state.now;
  tell(state, 'released', held);
  return { ports: [held.port] };
}

function transfer(state: State, command: Transfer): Answer {
  const { host, to } = command;
  const heir = identify(state, host, to, 'dev');
  if ('refused' in heir) return heir;
  const held: Claim[] = [];
  for (const port of new Set(command.ports)) {
    const found = mayAct(state, command, port);
    if ('refused' in found) return found;
    held.push(found);
  }
  for (const each of held) {
    const before = JSON.stringify(each);
    const isOnlyAnotherParty = heir.owner.startsWith('conversation:') && (each.path !== null || each.codebase !== null);
    each.conversation = to.conversationId;
    if (!isOnlyAnotherParty) {
      settle(state, host, to);
      Object.assign(each, { owner: heir.owner, path: to.worktreePath, codebase: heir.codebase });
    }
    if (JSON.stringify(each) !== before) tell(state, 'transferred', each);
  }
  return { ports: held.map(({ port }) => port) };
}

function checkout(state: State, command: Checkout): Answer {
  const { host, path, branch, codebase, conversation, environment, wishes } = command;
  const base = state.bases.find(({ id }) => id === codebase);
  if (codebase !== null && !base) return { refused: 'NOT_FOUND' };
  const kept = treeAt(state, host, path);
  const heldIn = () =>
    state.claims.filter((each) => each.host === host && each.path === path && each.releasedAt === null);
  const held = heldIn().filter((each) => each.environment === environment);
  let ports = held.map(({ port }) => port).sort((a, b) => a - b);
  if (wishes !== null || held.length === 0) {
    const name = (base ?? state.bases.find(({ id }) => id === kept?.codebase))?.name;
    const service = [name, branch].filter(Boolean).join('-') || path.slice(path.lastIndexOf('/') + 1);
    const owner = { worktreePath: path, codebaseId: codebase ?? kept?.codebase ?? null, conversationId: conversation };
    const usual = { service, preferred: null, exact: null, description: branch && `Development server for ${branch}` };
    const answer = allocate(state, { host, owner, environment, force: false, wishes: wishes ?? [usual] }, true);
    if (!('granted' in answer)) return answer;
    ports = answer.granted.map(({ port }) => port);
  }
  const tree = putTree(state, host, path, { branch, codebase, conversation });
  for (const each of heldIn()) {
    if (tree.codebase === null || each.codebase === tree.codebase) continue;
    each.codebase = tree.codebase;
    tell(state, 'transferred', each);
  }
  return { ports, created: !kept };
}

function remove(state: State, command: Remove): Answer {
  const { host, path } = command;
  const tree = treeAt(state, host, path);
  if (!tree) return { refused: 'NOT_FOUND' };
  const held = state.claims.filter((each) => each.host === host && each.path === path && each.releasedAt === null);
  held.sort((a, b) => a.port - b.port);
  for (const each of held.filter(
    ({ environment, hostnames }) => environment === 'production' || hostnames.length > 0,
  )) {
    const found = mayAct(state, command, each.port);
    if ('refused' in found) return found;
  }
  tree.removedAt = state.now;
  for (const each of held) {
    each.releasedAt = state.now;
    tell(state, 'released', each);
  }
  return { ports: held.map(({ port }) => port) };
}

function registerCodebase(state: State, { id, name, url, directory, ports }: Codebase): Answer {
  const inOrder = state.bases.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  const byUrl = inOrder.find((base) => base.url !== null && base.url === url);
  const bySame = inOrder.find(
    (base) => base.url === null && base.name === name && base.directory === (directory ?? null),
  );
  const known = id === undefined ? (url ? byUrl : bySame) : state.bases.find((base) => base.id === id);
  if (byUrl && byUrl !== known) return { refused: 'INVALID_INPUT' };
  const base = known ?? newBase(state, id ?? `unnamed ${state.bases.length}`, name);
  base.name = name;
  if (url !== undefined) base.url = url;
  if (directory !== undefined) base.directory = directory;
  if (ports !== undefined) Object.assign(base, ports ?? { primary: null, services: {} });
  return { ports: [], created: !known };
}

function newBase(state: State, id: string, name: string): Base {
  const base: Base = { id, name, url: null, directory: null, primary: null, services: {}, createdAt: state.now };
  state.bases.push(base);
  return base;
}
