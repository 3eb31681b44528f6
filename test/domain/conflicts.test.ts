import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/domain/conflict-book.ts';
import {
  actionsFor,
  allocatedWhileListening,
  type ConflictAction,
  configuredPortHeld,
  configuredTwice,
  orphanedWorktree,
  overlapOf,
  portSquatted,
  rangeNearlyExhausted,
  rangeOverlap,
  unregisteredListener,
} from '../../src/domain/conflicts.ts';
import { asPort } from '../../src/domain/port.ts';
import { conflictKinds } from '../../src/domain/registry-model.ts';
import { allocation, codebase, inWorktree, noon, placed, quay, span, worktree } from './seed.ts';

const worktrees = [worktree('/bank'), worktree('/shop')];
const held = allocation(8000, { owner: inWorktree('/shop') });
const stranger = placed(8000, { workingDirectory: '/bank/api' }, worktrees);
const claim = 'Port 8000 on quay is held by the dev service "web" of worktree /shop';

const findings: [Finding, string, string, readonly ConflictAction[]][] = [
  [
    portSquatted(held, stranger),
    'port_squatted:8000',
    `${claim}, but node (process 4711) of worktree /bank listens on it. Give that process a port of its own, or move the holder to another one with REALLOCATE.`,
    ['REALLOCATE', 'RELEASE', 'DISMISS'],
  ],
  [
    allocatedWhileListening(held, stranger),
    'allocated_while_listening:8000',
    `${claim}, which took it by force while node (process 4711) of worktree /bank was listening on it. Stop what listens if it is not this service, or move the service to another port with REALLOCATE.`,
    ['REALLOCATE', 'RELEASE', 'DISMISS'],
  ],
  [
    allocatedWhileListening(held, null),
    'allocated_while_listening:8000',
    `${claim}, which took it by force while something was listening on it. Stop what listens if it is not this service, or move the service to another port with REALLOCATE.`,
    ['REALLOCATE', 'RELEASE', 'DISMISS'],
  ],
  [
    unregisteredListener(quay, 'dev', stranger),
    'unregistered_listener:8000',
    'Nobody holds port 8000 on quay, in the dev range, but node (process 4711) of worktree /bank listens on it. Register it with ADOPT, or start it on a port that it was allocated.',
    ['ADOPT', 'DISMISS'],
  ],
  [
    rangeNearlyExhausted(quay, { environment: 'dev', range: span(8000, 8999), used: 805 }),
    'range_nearly_exhausted:dev',
    '805 of the 1000 ports of the dev range 8000-8999 on quay are held (80 %). Clean up what is no longer used, or widen the range.',
    ['DISMISS'],
  ],
  [
    orphanedWorktree(worktree('/shop'), [held]),
    'orphaned_worktree:worktree at /shop',
    'The worktree /shop on quay is gone from disk, and still holds port 8000 ("web"). Remove it with RELEASE, or leave that to the cleanups, which keep production, what is public and what is still listened on; if it was moved, register it at its new path.',
    ['RELEASE', 'DISMISS'],
  ],
  [
    orphanedWorktree(worktree('/shop'), [held, allocation(8001, { serviceName: 'api' })]),
    'orphaned_worktree:worktree at /shop',
    'The worktree /shop on quay is gone from disk, and still holds ports 8000 ("web"), 8001 ("api"). Remove it with RELEASE, or leave that to the cleanups, which keep production, what is public and what is still listened on; if it was moved, register it at its new path.',
    ['RELEASE', 'DISMISS'],
  ],
  [
    configuredPortHeld(held, codebase('bank', { name: 'Bank' })),
    'port_config_collision:8000',
    `${claim}, and the codebase Bank (bank) configures it for one of its services. Move the holder with REALLOCATE, or configure another port.`,
    ['REALLOCATE', 'RELEASE', 'DISMISS'],
  ],
  [
    configuredTwice(quay, asPort(8000), [codebase('bank'), codebase('shop')]),
    'port_config_collision:twice:8000',
    'The codebases bank (bank) and shop (shop) configure the same port 8000. Configure another port for all but one of them.',
    ['DISMISS'],
  ],
  [
    rangeOverlap(quay, { environment: 'dev', range: span(8000, 8999), overlap: span(8500, 8999) }),
    'range_overlap:dev',
    'The dev range 8000-8999 overlaps the ephemeral range of quay: any program may be given 8500-8999 for an outgoing connection. Move one of the two, or reserve these ports in the system.',
    ['DISMISS'],
  ],
];

describe('each kind of conflict', () => {
  it.each(findings)('%# is told by its cause, names who is involved and what to do', (finding, cause, message) => {
    expect(finding).toMatchObject({ cause, message, hostName: quay });
    expect(finding.cause.startsWith(`${finding.kind}:`)).toBe(true);
  });

  it.each(findings)(
    '%# takes the actions that fit it, and none once it is resolved',
    (finding, _cause, message, expected) => {
      const conflict = { ...finding, id: 'some', detectedAt: noon, resolvedAt: null, dismissed: false };
      expect(actionsFor(conflict)).toEqual(expected);
      expect(actionsFor({ ...conflict, resolvedAt: noon })).toEqual([]);
      for (const action of message.match(/ADOPT|REALLOCATE|RELEASE/g) ?? []) expect(expected).toContain(action);
    },
  );

  it('keeps who listened, but no command line, which can hold secrets', () => {
    const told = findings.flatMap(([{ listener }]) => listener ?? []);
    expect(told).toHaveLength(3);
    for (const each of told) expect(each).toMatchObject({ processId: 4711, processName: 'node', command: null });
  });

  it('is covered above', () => {
    expect(new Set(findings.map(([{ kind }]) => kind))).toEqual(new Set(conflictKinds));
  });

  it('tells causes apart by what they are about', () => {
    const about = [
      portSquatted(held, stranger),
      portSquatted(allocation(8001), placed(8001, {})),
      allocatedWhileListening(held, null),
      configuredPortHeld(held, codebase('bank')),
      configuredTwice(quay, held.port, []),
      unregisteredListener(quay, 'dev', stranger),
    ];
    expect(new Set(about.map(({ cause }) => cause)).size).toBe(about.length);
  });
});

describe('the overlap of two spans', () => {
  it.each<[[number, number], [number, number], [number, number] | undefined]>([
    [
      [1, 5],
      [5, 9],
      [5, 5],
    ],
    [[1, 5], [6, 9], undefined],
    [[6, 9], [1, 5], undefined],
    [
      [1, 9],
      [3, 5],
      [3, 5],
    ],
    [
      [3, 5],
      [1, 9],
      [3, 5],
    ],
    [
      [1, 5],
      [3, 9],
      [3, 5],
    ],
    [
      [7, 7],
      [7, 7],
      [7, 7],
    ],
  ])('%j and %j is %j', (one, other, expected) => {
    expect(overlapOf(span(...one), span(...other))).toEqual(expected && span(...expected));
  });
});
