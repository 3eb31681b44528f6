import { describe, expect, it } from 'vitest';
import { unregisteredListener } from '../../src/domain/conflicts.ts';
import type { SeenProcess } from '../../src/domain/observation.ts';
import type { Environment } from '../../src/domain/policy.ts';
import { decideResolution } from '../../src/domain/resolve.ts';
import { known } from './review-batch.ts';
import {
  allocation,
  codebase,
  fromNoon,
  inWorktree,
  outcomeOf,
  placed,
  quay,
  type Scene,
  seed,
  worktree,
} from './seed.ts';

const shop = worktree('/src/shop', { branch: 'feature/cart', codebaseId: 'shop' });
const bank = worktree('/src/bank', { branch: 'main' });
const inn = worktree('/src/inn');
const worktrees = [shop, bank, inn];
const codebases = [codebase('shop', { name: 'Shop' })];

function adopt(process: Partial<SeenProcess> | null, scene: Scene = {}, environment: Environment = 'dev') {
  const port = { dev: 8005, test: 7005, production: 9005 }[environment];
  const conflict = known(unregisteredListener(quay, environment, placed(port, process, worktrees)));
  const surroundings = seed({ worktrees, codebases, listening: [port], conflicts: [conflict], ...scene });
  const outcome = outcomeOf(decideResolution({ conflict, action: 'ADOPT' }, surroundings));
  return { outcome, ledger: surroundings.ledger, conflict };
}

describe('ADOPT', () => {
  it('registers what listens, under the worktree that it runs in', () => {
    const { outcome, ledger, conflict } = adopt({ workingDirectory: '/src/shop/packages/api' });
    const adopted = allocation(8005, {
      id: 'new 1',
      owner: inWorktree('/src/shop', { codebaseId: 'shop' }),
      serviceName: 'api',
    });
    expect(outcome).toEqual({ conflict: expect.objectContaining({ id: conflict.id }), allocation: adopted });
    expect(ledger.changes()).toMatchObject({
      worktrees: [],
      events: [
        { kind: 'registered', cause: `conflict ${conflict.id} resolved: unregistered listener`, allocation: adopted },
      ],
      conflictChanges: [{ state: 'resolved' }],
    });
  });

  it.each<[string, Partial<SeenProcess> | null, string, string]>([
    ['codebase and branch at the top', { workingDirectory: '/src/shop' }, 'Shop-feature/cart', 'worktree:/src/shop'],
    ['the branch at the top, without a codebase', { workingDirectory: '/src/bank' }, 'main', 'worktree:/src/bank'],
    ['the worktree’s directory, without either', { workingDirectory: '/src/inn' }, 'inn', 'worktree:/src/inn'],
    ['the directory inside a worktree', { workingDirectory: '/src/bank/web/' }, 'web', 'worktree:/src/bank'],
    ['the directory outside of any', { workingDirectory: '/opt/tool' }, 'tool', 'nobody'],
    ['the program in the root', { workingDirectory: '/' }, 'node', 'nobody'],
    ['the program without a directory', { workingDirectory: null }, 'node', 'nobody'],
    ['the directory as a caller could write it', { workingDirectory: '/opt/ my\n tool ' }, 'my  tool', 'nobody'],
    ['the program in a directory of blanks', { workingDirectory: '/opt/ ' }, 'node', 'nobody'],
    ['the port without a name', { name: null }, 'port-8005', 'nobody'],
    ['the port where nothing can be seen', null, 'port-8005', 'nobody'],
  ])('names it after %s', (_what, process, serviceName, owner) => {
    expect(adopt(process).outcome).toMatchObject({ allocation: { serviceName, owner, port: 8005 } });
  });

  it('adds the port where its owner has a service of that name', () => {
    const holder = allocation(8001, { owner: inWorktree('/src/shop'), serviceName: 'api' });
    const process = { workingDirectory: '/src/shop/api' };
    expect(adopt(process, { allocations: [holder] }).outcome).toMatchObject({
      allocation: { serviceName: 'api-8005' },
    });
    const others = [
      { ...holder, owner: 'worktree:/src/bank' },
      { ...holder, environment: 'test' as const },
      { ...holder, status: 'released' as const, releasedAt: fromNoon(-1) },
    ];
    for (const other of others) {
      expect(adopt(process, { allocations: [other] }).outcome).toMatchObject({ allocation: { serviceName: 'api' } });
    }
  });

  it('leaves room for the port in a name that is too long', () => {
    const long = 'x'.repeat(400);
    const first = adopt({ workingDirectory: `/src/shop/${long}` }).outcome;
    expect(first).toMatchObject({ allocation: { serviceName: 'x'.repeat(249) } });
    const holder = allocation(8001, { owner: inWorktree('/src/shop'), serviceName: 'x'.repeat(249) });
    const second = adopt({ workingDirectory: `/src/shop/${long}` }, { allocations: [holder] }).outcome;
    expect(second).toMatchObject({ allocation: { serviceName: `${'x'.repeat(249)}-8005` } });
  });

  it.each<[Environment, number]>([
    ['dev', 8005],
    ['test', 7005],
    ['production', 9005],
  ])('claims it for %s in that range', (environment, port) => {
    expect(adopt({}, {}, environment).outcome).toMatchObject({ allocation: { environment, port } });
  });

  it('is refused where somebody took the port meanwhile', () => {
    const taken = allocation(8005, { owner: inWorktree('/src/bank') });
    const { outcome, ledger } = adopt({ workingDirectory: '/src/shop' }, { allocations: [taken] });
    expect(outcome).toMatchObject({
      code: 'PORT_UNAVAILABLE',
      port: 8005,
      reasons: ['ALLOCATED'],
      holder: taken,
      suggestions: [8006, 8007, 8008],
    });
    expect(ledger.changes()).toMatchObject({ allocations: [], conflicts: [], events: [] });
  });

  it('registers it without an owner where the worktree was removed meanwhile', () => {
    const removed = { ...shop, removedAt: fromNoon(-1) };
    const { outcome, ledger } = adopt({ workingDirectory: '/src/shop/api' }, { worktrees: [removed] });
    expect(outcome).toMatchObject({ allocation: { owner: 'nobody', worktreeId: null, serviceName: 'api' } });
    expect(ledger.changes().worktrees).toEqual([]);
  });

  it('is no allocation of a quarantined, reserved or configured port to somebody else: it registers what is there', () => {
    const released = allocation(8005, { owner: inWorktree('/src/bank'), releasedAt: fromNoon(-1) });
    const configuring = codebase('bank', { primaryPort: released.port });
    const scene = {
      allocations: [released],
      codebases: [...codebases, configuring],
      policy: { reserved: new Set([8005]) },
    };
    expect(adopt({ workingDirectory: '/src/shop/api' }, scene).outcome).toMatchObject({ allocation: { port: 8005 } });
  });
});
