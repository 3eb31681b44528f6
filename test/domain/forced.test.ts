import { describe, expect, it } from 'vitest';
import { decideAllocation } from '../../src/domain/allocate.ts';
import type { Surroundings } from '../../src/domain/choose.ts';
import type { ConflictAction } from '../../src/domain/conflicts.ts';
import { orphanedWorktree, portSquatted } from '../../src/domain/conflicts.ts';
import { forcedCause } from '../../src/domain/forced.ts';
import { nobody } from '../../src/domain/owner.ts';
import { asPort } from '../../src/domain/port.ts';
import { decideRegistration } from '../../src/domain/register.ts';
import { decideRelease } from '../../src/domain/release.ts';
import { decideResolution } from '../../src/domain/resolve.ts';
import { decideTransfer } from '../../src/domain/transfer.ts';
import { known } from './review-batch.ts';
import {
  allocation,
  inConversation,
  inWorktree,
  ofCodebase,
  placed,
  quay,
  request,
  seed,
  service,
  worktree,
} from './seed.ts';

describe('the cause of a forced act', () => {
  it.each([
    [nobody, 'forced'],
    [ofCodebase('1'), 'forced on behalf of codebase 1'],
    [
      inWorktree('/shop', { codebaseId: '1', conversationId: 'issue 2' }),
      'forced on behalf of worktree /shop, codebase 1, conversation issue 2',
    ],
  ])('names who asked: %j', (owner, cause) => {
    expect(forcedCause({ force: true, owner })).toBe(cause);
    expect(forcedCause({ force: false, owner })).toBeNull();
  });
});

const hostName = quay;
const port = asPort(8000);
const owner = inConversation('issue 1');
const held = allocation(8000, { owner: inWorktree('/shop') });
const scene = { worktrees: [worktree('/shop')], allocations: [held], codebases: [] };

const acts: [string, (force: boolean, surroundings: Surroundings) => unknown][] = [
  [
    'releasePort',
    (force, { ledger }) => decideRelease({ hostName, port, owner: force ? owner : inWorktree('/shop'), force }, ledger),
  ],
  [
    'transferPorts',
    (force, { ledger }) =>
      decideTransfer({ hostName, ports: [port], owner: force ? owner : inWorktree('/shop'), to: owner, force }, ledger),
  ],
  [
    'allocatePort',
    (force, surroundings) =>
      decideAllocation(request([service('api', { exact: 8005 })], { owner, force }), surroundings),
  ],
  [
    'registerPort',
    (force, surroundings) => {
      const claim = { description: null, metadata: null, publicHostnames: null, serviceName: 'api' } as const;
      return decideRegistration(
        { ...claim, hostName, environment: 'dev', port: asPort(8006), owner, force },
        surroundings,
      );
    },
  ],
];

describe.each(acts)('%s', (_verb, act) => {
  it.each([
    [true, expect.stringMatching(/^forced on behalf of .*conversation issue 1$/)],
    [false, null],
  ])('says in the event whether it was forced: %s', (force, cause) => {
    const surroundings = seed(scene);
    act(force, surroundings);
    expect(surroundings.ledger.changes().events).toMatchObject([{ cause }]);
  });
});

describe('settling a conflict', () => {
  const squatted = known(portSquatted(held, placed(8000, { workingDirectory: '/bank' })));
  const orphaned = known(orphanedWorktree(worktree('/shop'), [held]));

  it.each<[ConflictAction, typeof squatted, number]>([
    ['RELEASE', squatted, 1],
    ['RELEASE', orphaned, 1],
    ['REALLOCATE', squatted, 2],
  ])('by %s takes the claim by force, and says so', (action, conflict, count) => {
    const surroundings = seed({ ...scene, conflicts: [conflict] });
    decideResolution({ conflict, action }, surroundings);
    const { events } = surroundings.ledger.changes();
    expect(events).toHaveLength(count);
    for (const { cause } of events) expect(cause).toMatch(/^conflict .+ resolved: .+, forced\b/);
  });
});
