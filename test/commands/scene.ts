import { listener, listeningOn, seeing } from '../support/registry.ts';

/** Two conversations, each in its worktree. */
export const cart = { conversationId: 'issue-12', worktreePath: '/wt/cart', cwd: '/wt/cart' };
export const pay = { conversationId: 'issue-13', worktreePath: '/wt/pay', cwd: '/wt/pay' };

/** A host on whose port 8000 a server of another worktree listens. */
export const occupied = () => ({
  observer: seeing([listener(8000, { workingDirectory: '/wt/pay' })]),
  probePort: listeningOn(new Set([8000])),
});

/** A file with a service for each port of a span. */
export const full = (start: number, end: number) =>
  ['port,service', ...Array.from({ length: end - start + 1 }, (_, index) => `${start + index},s${index}`)].join('\n');
