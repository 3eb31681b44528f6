import { type Backfill, type BackfillItem, decideBackfill, type FoundWorktree } from '../../src/domain/backfill.ts';
import type { NamedPort } from '../../src/domain/backfill-wishes.ts';
import { asPort } from '../../src/domain/port.ts';
import { isRefusal } from '../../src/domain/refusals.ts';
import { codebase, fromNoon, outcomeOf, quay, type Scene, seed } from './seed.ts';

export const later = fromNoon(60_000);
export const codebases = [
  codebase('1', { name: 'shop' }),
  codebase('2', { name: 'bank', servicePorts: { web: asPort(8007) } }),
];

export const named = (variable: string, port: number, file = '.env'): NamedPort => ({
  variable,
  port: asPort(port),
  file,
});

export const found = (
  path: string,
  ports: readonly NamedPort[] = [],
  facts: Partial<FoundWorktree> = {},
): FoundWorktree => ({
  path,
  branch: path.split('/').at(-1) ?? null,
  namedPorts: ports,
  conversationId: null,
  ...facts,
});

export const backfill = (...worktrees: FoundWorktree[]): Backfill => ({ hostName: quay, codebaseId: '1', worktrees });

export function decide(worktrees: readonly FoundWorktree[], scene: Scene = {}) {
  const { ledger, ...rest } = seed({ codebases, now: later, ...scene });
  const outcome = outcomeOf(decideBackfill(backfill(...worktrees), { ledger, ...rest }));
  return { outcome, changes: ledger.changes() };
}

export function items(worktrees: readonly FoundWorktree[], scene: Scene = {}): BackfillItem[] {
  const { outcome } = decide(worktrees, scene);
  if (isRefusal(outcome)) throw outcome;
  return outcome;
}

export const portsOf = ({ allocations }: BackfillItem) =>
  allocations.map(({ serviceName, port }) => [serviceName, port]);

/** Something that listens on a port, in a directory. */
export const listeningIn = (port: number, workingDirectory: string | null) => ({
  listening: [port],
  identified: new Map([
    [
      port,
      {
        seen: {
          port: asPort(port),
          addresses: ['127.0.0.1'],
          process: { id: 4711, name: 'node', command: null, workingDirectory, ancestorDirectories: [] },
        },
        worktrees: new Map(),
      },
    ],
  ]),
});
