import type { Conflict, ConflictAction, RegistryClient, ResolveConflictResult } from '../client/client.ts';
import { isRefusal } from '../client/refusal.ts';
import { conflictActions, conflictActionWords, wordFor } from './choices.ts';
import { defineCommand, type Rendered } from './command.ts';
import { bullets, code, paragraphs, prose } from './markdown.ts';
import { nearestWord } from './nearest-word.ts';
import { renderRefusal } from './render-refusal.ts';
import { usageOf } from './usage.ts';
import { UsageError } from './usage-error.ts';

/** What is to be settled, and how; null to list. */
export interface ConflictsArguments {
  readonly settle: { readonly which: string; readonly action: ConflictAction } | null;
  /** Resolved ones too. */
  readonly all: boolean;
}

export interface ConflictsResult {
  /** Null where one was to be settled. */
  readonly conflicts: readonly Conflict[] | null;
  /** What came of settling one; null for a list. */
  readonly settled: ResolveConflictResult | null;
}

const words = {
  name: 'conflicts',
  summary: 'Show what should be settled, or settle one of them.',
  words: [
    { name: 'resolve', description: 'settle one', values: ['resolve'] },
    { name: 'conflict', description: 'its id, the beginning of it, or its port' },
    { name: 'action', description: 'what is to be done', values: conflictActionWords },
  ],
  synopsis: '[resolve <conflict> <action>]',
  flags: [{ name: 'all', description: 'resolved ones too' }],
  examples: ['', 'resolve 8124 reallocate', 'resolve 4f1c dismiss'],
};

export const conflicts = defineCommand<ConflictsArguments, ConflictsResult>({
  ...words,
  read(given) {
    const all = given.isSet('all');
    if (given.choice('resolve', { resolve: true }) === null) return { settle: null, all };
    const which = given.text('conflict');
    const action = given.choice('action', conflictActions);
    if (action === null) throw given.misuse(`It takes an action: ${conflictActionWords.join(', ')}.`);
    return { settle: { which, action }, all };
  },
  async run({ settle, all }, { client, place: { host } }) {
    const open = await client.conflicts({ host, first: 1_000, includeResolved: all && settle === null });
    if (settle === null) return { conflicts: open, settled: null };
    return { conflicts: null, settled: await settleOne(settle.which, settle.action, open, client) };
  },
  toMarkdown: ({ conflicts: found, settled }) => (settled ? renderSettled(settled) : renderList(found ?? [])),
});

function settleOne(
  which: string,
  action: ConflictAction,
  open: readonly Conflict[],
  client: RegistryClient,
): Promise<ResolveConflictResult> {
  const isPort = /^\d{1,5}$/.test(which);
  const matching = open.filter(({ id, port }) => (isPort && port === Number(which)) || id === which);
  const begun = matching.length > 0 ? matching : open.filter(({ id }) => id.startsWith(which.toLowerCase()));
  const doable = begun.length > 1 ? begun.filter(({ actions }) => actions.includes(action)) : begun;
  const [only, ...others] = doable.length > 0 ? doable : begun;
  const misuse = (message: string, nearest: string | null = null) => new UsageError(message, usageOf(words), nearest);
  if (!only) throw misuse(`No open conflict is ${JSON.stringify(which.slice(0, 60))}: it takes an id or a port.`);
  if (others.length > 0) {
    throw misuse(
      `Several open conflicts are ${which}: say which by its id (${doable.map(({ id }) => id).join(', ')}).`,
    );
  }
  if (!only.actions.includes(action)) {
    const possible = only.actions.map(wordFor);
    throw misuse(
      `${wordFor(action)} does not fit this conflict: it takes ${possible.join(' or ')}.`,
      nearestWord(wordFor(action), possible),
    );
  }
  return client.resolveConflict({ id: only.id, action });
}

function renderSettled(settled: ResolveConflictResult): Rendered {
  if (isRefusal(settled)) return renderRefusal(settled, [code('/port-conflicts')]);
  const { conflict, allocation } = settled;
  const now =
    allocation && allocation.status !== 'RELEASED'
      ? `${code(allocation.serviceName)} now has port ${allocation.port}.`
      : null;
  return { success: true, modified: true, message: paragraphs([prose(conflict.message), now]) };
}

/** As many as a chat's message holds. */
const mostConflicts = 20;

function renderList(found: readonly Conflict[]): Rendered {
  const shown = found.slice(0, mostConflicts).map((conflict) => {
    const { id, kind, state, message, actions } = conflict;
    const next =
      actions.length > 0 ? ` Next: ${code(`/port-conflicts resolve ${id} ${actions.map(wordFor).join('|')}`)}` : '';
    return `**${wordFor(kind)}**${state === 'RESOLVED' ? ' (resolved)' : ''}: ${prose(message)}${next}`;
  });
  const more = found.length > shown.length ? `… and ${found.length - shown.length} more.` : null;
  const message = shown.length > 0 ? paragraphs([bullets(shown), more]) : 'No open conflicts: all is well.';
  return { success: true, modified: false, message };
}
