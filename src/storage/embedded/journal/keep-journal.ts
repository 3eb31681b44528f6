import type { Logger } from 'pino';
import type { Changed, Database } from '../../database.ts';
import type { Row } from '../../rows.ts';
import type { Journal } from './journal.ts';
import type { Durability } from './journal-file.ts';

/** How long after its commit a change is appended in a relaxed journal. */
const relaxedDelayMs = 400;

interface Keeping {
  readonly journal: Journal;
  readonly durability: Durability;
  /** How much is appended at least before the file is written anew. */
  readonly rewriteAfterBytes: number;
  readonly log: Logger;
  /** Called where the database cannot be used any more. */
  readonly fail: (error: unknown) => void;
  /** Called once database and journal are closed. */
  readonly closed: () => Promise<void>;
}

/**
 * The same database, which has the journal know of each transaction: before it commits, so that nobody hears of what
 * a power cut can take back, or a moment after, if the journal is relaxed.
 */
export function keepJournal(database: Database, keeping: Keeping): Database {
  const { journal, durability, rewriteAfterBytes, log, fail, closed } = keeping;
  /** Committed and not yet appended. */
  let waiting: Changed[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** What is done with the file outside of transactions, one thing after the other. */
  let working: Promise<void> = Promise.resolve();
  /** Whether what was committed could not be appended the last time that this was tried. */
  let isBehind = false;
  let isRewriting = false;
  /** The length from which the file is written anew, after that failed at a smaller one. */
  let rewriteFrom = 0;
  let isClosing = false;

  const flush = async () => {
    const entry = merge(waiting);
    if (!entry) return;
    const count = waiting.length;
    await journal.append(entry);
    waiting = waiting.slice(count);
  };
  const flushInTurn = () => {
    const flushed = working.then(flush);
    working = flushed.then(
      () => {
        isBehind = false;
      },
      () => {
        isBehind = true;
      },
    );
    return flushed;
  };
  const flushSoon = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      flushInTurn().catch((error: unknown) => {
        log.error({ err: error }, 'the journal could not be written; trying again');
        if (!isClosing) flushSoon();
      });
    }, relaxedDelayMs);
  };
  const rewrite = () => {
    if (isRewriting) return;
    isRewriting = true;
    working = working
      .then(() => journal.rewrite(database, { durability, flush }))
      .catch((error: unknown) => {
        // A disk without room for a second copy is not filled with one again at once.
        rewriteFrom = journal.end + rewriteAfterBytes;
        log.error({ err: error }, 'the journal could not be rewritten; it goes on growing');
      })
      .finally(() => {
        isRewriting = false;
      });
  };

  const transaction: Database['transaction'] = async (work) => {
    const recorded: Changed[] = [];
    let isAppended = false;
    // Nothing more is acknowledged than the second that a relaxed journal may lack.
    if (isBehind) await flushInTurn();
    try {
      const result = await database.transaction(async (inner) => {
        const outcome = await work({ ...inner, record: (changed) => recorded.push(changed) });
        const entry = durability === 'full' ? merge(recorded) : undefined;
        if (entry) await journal.append(entry);
        isAppended = entry !== undefined;
        return outcome;
      });
      if (durability === 'relaxed' && recorded.length > 0) {
        waiting.push(...recorded);
        flushSoon();
      }
      if (journal.isGrown(rewriteAfterBytes) && journal.end >= rewriteFrom) rewrite();
      return result;
    } catch (error) {
      // The journal has what the database has not: the next start brings it up.
      if (isAppended) fail(error);
      throw error;
    }
  };

  return {
    ...database,
    transaction,
    async health() {
      return (await database.health()) ?? (await journal.health());
    },
    async close() {
      isClosing = true;
      clearTimeout(timer);
      await working;
      await flush().catch((error: unknown) => log.error({ err: error }, 'the last changes are not in the journal'));
      await database.close();
      await journal.close();
      await closed();
    },
  };
}

/** Several changes, in their order, as one; undefined where there are none. */
function merge(changes: readonly Changed[]): Changed | undefined {
  const [first, ...others] = changes;
  if (!first || others.length === 0) return first;
  const rows: Record<string, Row[]> = {};
  const deleted: Record<string, string[]> = {};
  for (const change of changes) {
    for (const [table, more] of Object.entries(change.rows ?? {})) rows[table] = [...(rows[table] ?? []), ...more];
    for (const [table, ids] of Object.entries(change.deleted ?? {}))
      deleted[table] = [...(deleted[table] ?? []), ...ids];
  }
  const number = changes.findLast((change) => change.number !== undefined)?.number;
  const prunedThrough = changes.findLast((change) => change.prunedThrough !== undefined)?.prunedThrough;
  return {
    rows,
    deleted,
    ...(number !== undefined && { number }),
    ...(prunedThrough !== undefined && { prunedThrough }),
  };
}
