import { describe, expect, it } from 'vitest';
import { nobody } from '../../src/domain/owner.ts';
import { decideTransfer, type TransferRequest } from '../../src/domain/transfer.ts';
import {
  allocation,
  codebase,
  fromNoon,
  inConversation,
  inWorktree,
  ofCodebase,
  ports,
  quay,
  seed,
  worktree,
} from './seed.ts';

const shop = inWorktree('/shop', { codebaseId: 'shop', conversationId: 'issue 1' });
const codebases = [codebase('shop'), codebase('bank')];
const worktrees = [worktree('/shop', { codebaseId: 'shop' }), worktree('/bank', { codebaseId: 'bank' })];
const held = allocation(8000, { owner: shop });

const transfer = (facts: Partial<TransferRequest> & Pick<TransferRequest, 'to'>): TransferRequest => ({
  hostName: quay,
  ports: ports(8000),
  owner: shop,
  force: false,
  ...facts,
});

describe('handing a port over', () => {
  it.each([
    [
      'to another worktree gives it the codebase of that',
      inWorktree('/bank'),
      { owner: 'worktree:/bank', worktreeId: 'worktree at /bank', codebaseId: 'bank', conversationId: null },
    ],
    [
      'to a codebase takes it from its worktree',
      ofCodebase('bank'),
      { owner: 'codebase:bank', worktreeId: null, codebaseId: 'bank', conversationId: null },
    ],
    [
      'to a conversation leaves it with its worktree',
      inConversation('pull 2'),
      { owner: 'worktree:/shop', worktreeId: 'worktree at /shop', codebaseId: 'shop', conversationId: 'pull 2' },
    ],
    [
      'to nobody leaves it to anyone',
      nobody,
      { owner: 'nobody', worktreeId: null, codebaseId: null, conversationId: null },
    ],
  ])('%s', (_what, to, expected) => {
    const { ledger } = seed({ codebases, worktrees, allocations: [held] });
    expect(decideTransfer(transfer({ to }), ledger)).toEqual([{ ...held, ...expected }]);
    expect(ledger.changes().events).toMatchObject([{ kind: 'transferred', cause: null, allocation: expected }]);
  });

  it.each([
    ['of a codebase stays with the codebase', ofCodebase('shop'), { owner: 'codebase:shop', conversationId: 'pull 2' }],
    [
      'of a conversation goes to the other',
      inConversation('issue 1'),
      { owner: 'conversation:pull 2', conversationId: 'pull 2' },
    ],
    ['of nobody becomes its own', nobody, { owner: 'conversation:pull 2', conversationId: 'pull 2' }],
  ])('to a conversation: what was %s', (_what, owner, expected) => {
    const { ledger } = seed({ codebases, allocations: [allocation(8000, { owner })] });
    expect(decideTransfer(transfer({ owner, to: inConversation('pull 2') }), ledger)).toMatchObject([expected]);
  });

  it('to a worktree that is not registered registers it', () => {
    const { ledger } = seed({ codebases, worktrees, allocations: [held], now: fromNoon(5) });
    decideTransfer(transfer({ to: inWorktree('/inn', { codebaseId: 'bank', conversationId: 'issue 3' }) }), ledger);
    const { worktrees: registered, allocations } = ledger.changes();
    expect(registered).toMatchObject([{ path: '/inn', codebaseId: 'bank', registeredAt: fromNoon(5) }]);
    expect(allocations).toMatchObject([
      { worktreeId: registered[0]?.id, codebaseId: 'bank', conversationId: 'issue 3' },
    ]);
  });

  it('to whom it belongs already changes nothing', () => {
    const { ledger } = seed({ codebases, worktrees, allocations: [held] });
    expect(decideTransfer(transfer({ to: shop }), ledger)).toEqual([held]);
    expect(ledger.changes().events).toEqual([]);
  });

  it('makes it the service of its new owner', () => {
    const { ledger } = seed({ codebases, worktrees, allocations: [held] });
    decideTransfer(transfer({ to: inWorktree('/bank') }), ledger);
    const key = { hostName: quay, environment: 'dev' as const, serviceName: 'web' };
    expect(ledger.held({ ...key, owner: 'worktree:/bank' })).toHaveLength(1);
    expect(ledger.held({ ...key, owner: 'worktree:/shop' })).toEqual([]);
  });
});

describe('handing several ports over', () => {
  const other = allocation(8001, { owner: inWorktree('/bank') });
  const mine = allocation(8002, { owner: shop, serviceName: 'api' });
  const scene = { codebases, worktrees, allocations: [held, other, mine] };

  it('answers in the order of the ports', () => {
    const { ledger } = seed(scene);
    const outcome = decideTransfer(transfer({ ports: ports(8002, 8000), to: inWorktree('/bank') }), ledger);
    expect(outcome).toMatchObject([{ port: 8002 }, { port: 8000 }]);
    expect(ledger.changes().events).toHaveLength(2);
  });

  it('hands each over once, however often it is named', () => {
    const { ledger } = seed(scene);
    const outcome = decideTransfer(transfer({ ports: ports(8000, 8000), to: inWorktree('/bank') }), ledger);
    expect(outcome).toMatchObject([{ port: 8000 }]);
    expect(ledger.changes().events).toHaveLength(1);
  });

  it.each([
    ["somebody else's is among them", ports(8000, 8001), 'NOT_OWNER'],
    ['nobody holds one of them', ports(8000, 8009), 'NOT_FOUND'],
  ])('hands none over where %s', (_why, asked, code) => {
    const { ledger } = seed(scene);
    expect(decideTransfer(transfer({ ports: asked, to: inWorktree('/inn') }), ledger)).toMatchObject({ code });
    expect(ledger.changes()).toMatchObject({ allocations: [], worktrees: [], events: [] });
  });

  it("hands somebody else's over by force", () => {
    const { ledger } = seed(scene);
    const outcome = decideTransfer(transfer({ ports: ports(8000, 8001), to: ofCodebase('shop'), force: true }), ledger);
    expect(outcome).toMatchObject([{ owner: 'codebase:shop' }, { owner: 'codebase:shop' }]);
  });

  it('asks for force where a port is public', () => {
    const { ledger } = seed({ ...scene, allocations: [{ ...held, publicHostnames: ['shop.example'] }] });
    expect(decideTransfer(transfer({ to: inWorktree('/bank') }), ledger)).toMatchObject({ code: 'NOT_OWNER' });
  });

  it.each([
    ['a codebase that is not registered', ofCodebase('inn'), { code: 'NOT_FOUND' }],
    [
      'a worktree of another codebase',
      inWorktree('/bank', { codebaseId: 'shop' }),
      { issues: [{ path: ['to', 'codebaseId'] }] },
    ],
  ])('is refused where the heir is %s', (_what, to, expected) => {
    expect(decideTransfer(transfer({ to, force: true }), seed(scene).ledger)).toMatchObject(expected);
  });
});
