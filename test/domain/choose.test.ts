import { describe, expect, it } from 'vitest';
import { favourites, type PortSeeker, reasonsAgainst } from '../../src/domain/choose.ts';
import { nobody, type Owner, ownerKey } from '../../src/domain/owner.ts';
import type { Environment } from '../../src/domain/policy.ts';
import { asPort } from '../../src/domain/port.ts';
import { allocation, codebase, fromNoon, inWorktree, noon, ofCodebase, quay, type Scene, seed, span } from './seed.ts';

const seeker = (owner: Owner = nobody, environment: Environment = 'dev'): PortSeeker => ({
  hostName: quay,
  environment,
  owner: ownerKey(owner),
  codebaseId: owner.codebaseId,
});

const released = (port: number, owner: Owner, ms = 0) => allocation(port, { owner, releasedAt: fromNoon(-ms) });
const shop = inWorktree('/shop', { codebaseId: 'shop' });
const bank = inWorktree('/bank', { codebaseId: 'bank' });

describe('a port cannot be had', () => {
  const table: { readonly why: string; readonly scene: Scene; readonly port: number; readonly reasons: string[] }[] = [
    { why: 'nothing speaks against it', scene: {}, port: 8000, reasons: [] },
    { why: 'somebody holds it', scene: { allocations: [allocation(8000)] }, port: 8000, reasons: ['ALLOCATED'] },
    { why: 'it is reserved', scene: { policy: { reserved: new Set([8000]) } }, port: 8000, reasons: ['RESERVED'] },
    { why: 'something listens on it', scene: { listening: [8000] }, port: 8000, reasons: ['LISTENING'] },
    { why: 'nobody has looked', scene: { unprobed: [8000] }, port: 8000, reasons: [] },
    {
      why: 'another released it',
      scene: { allocations: [released(8000, bank)] },
      port: 8000,
      reasons: ['QUARANTINED'],
    },
    { why: 'its owner released it', scene: { allocations: [released(8000, shop)] }, port: 8000, reasons: [] },
    {
      why: 'another codebase configures it',
      scene: { codebases: [codebase('bank', { primaryPort: asPort(8000) })] },
      port: 8000,
      reasons: ['CONFIGURED_ELSEWHERE'],
    },
    {
      why: 'its own codebase configures it, whoever else does',
      scene: {
        codebases: [
          codebase('bank', { primaryPort: asPort(8000) }),
          codebase('shop', { servicePorts: { web: asPort(8000) } }),
        ],
      },
      port: 8000,
      reasons: [],
    },
    { why: 'it is of another environment', scene: {}, port: 7000, reasons: ['OUT_OF_RANGE'] },
    { why: 'it is of no environment', scene: {}, port: 8010, reasons: ['OUT_OF_RANGE'] },
    { why: 'it is privileged', scene: {}, port: 80, reasons: ['OUT_OF_RANGE', 'PRIVILEGED'] },
    {
      why: 'its range begins below the privileged limit',
      scene: { policy: { ranges: { dev: span(1000, 1100), test: span(1, 2), production: span(3, 4) } } },
      port: 1023,
      reasons: ['PRIVILEGED'],
    },
    {
      why: 'everything speaks against it',
      scene: {
        allocations: [released(443, bank), allocation(443, { owner: bank })],
        policy: { reserved: new Set([443]) },
        codebases: [codebase('bank', { primaryPort: asPort(443) })],
        listening: [443],
      },
      port: 443,
      reasons: [
        'ALLOCATED',
        'OUT_OF_RANGE',
        'PRIVILEGED',
        'RESERVED',
        'CONFIGURED_ELSEWHERE',
        'QUARANTINED',
        'LISTENING',
      ],
    },
  ];

  it.each(table)('where $why: $reasons', ({ scene, port, reasons }) => {
    expect(reasonsAgainst(port, seeker(shop), seed(scene))).toEqual(reasons);
  });
});

describe('quarantine', () => {
  const quarantineMs = 300_000;
  it.each([
    [0, true],
    [1, true],
    [quarantineMs - 1, true],
    [quarantineMs, false],
    [quarantineMs + 1, false],
  ])('keeps a port from others %s ms after its release: %s', (ms, kept) => {
    const scene = seed({ allocations: [released(8000, shop)], now: fromNoon(ms), policy: { quarantineMs } });
    expect(reasonsAgainst(8000, seeker(bank), scene)).toEqual(kept ? ['QUARANTINED'] : []);
    expect(reasonsAgainst(8000, seeker(), scene)).toEqual(kept ? ['QUARANTINED'] : []);
    expect(reasonsAgainst(8000, seeker(shop), scene)).toEqual([]);
  });

  it('keeps nothing where it is set to zero', () => {
    const scene = seed({ allocations: [released(8000, shop)], policy: { quarantineMs: 0 } });
    expect(reasonsAgainst(8000, seeker(bank), scene)).toEqual([]);
  });

  it('counts the last release only', () => {
    const scene = seed({ allocations: [released(8000, bank, 10), released(8000, shop, 5)] });
    expect(reasonsAgainst(8000, seeker(shop), scene)).toEqual([]);
    expect(reasonsAgainst(8000, seeker(bank), scene)).toEqual(['QUARANTINED']);
  });

  it('lets a service of the same owner have what another of its services released', () => {
    const scene = seed({ allocations: [allocation(8000, { owner: shop, serviceName: 'api', releasedAt: noon })] });
    expect(reasonsAgainst(8000, seeker(shop), scene)).toEqual([]);
  });
});

describe('the ports that a service likes best', () => {
  const codebases = [codebase('shop', { servicePorts: { web: asPort(8007) } })];

  it('are the one that its codebase configures, then its former one', () => {
    const { ledger } = seed({ codebases, allocations: [released(8003, shop)] });
    expect(favourites(seeker(shop), 'web', ledger)).toEqual([8007, 8003]);
    expect(favourites(seeker(shop), 'api', ledger)).toEqual([]);
    expect(favourites(seeker(bank), 'web', ledger)).toEqual([]);
  });

  it('are of one owner, one environment and one name', () => {
    const { ledger } = seed({ allocations: [released(8003, shop)] });
    expect(favourites(seeker(shop, 'test'), 'web', ledger)).toEqual([]);
    expect(favourites(seeker(ofCodebase('shop')), 'web', ledger)).toEqual([]);
  });

  it('include the latest of the former ones only', () => {
    const { ledger } = seed({
      allocations: [released(8003, shop, 5), released(8004, shop, 1), released(8005, shop, 9)],
    });
    expect(favourites(seeker(shop), 'web', ledger)).toEqual([8004]);
  });
});
