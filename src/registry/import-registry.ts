import type { Surroundings } from '../domain/choose.ts';
import { decided } from '../domain/decision.ts';
import { decideImport, type Import } from '../domain/import.ts';
import type { ImportReport } from '../domain/import-report.ts';
import { InvalidInput } from '../domain/refusals.ts';
import type { RegistryContext } from './context.ts';
import { withCanonicalPaths } from './import-paths.ts';
import { hostOf, readsOf } from './import-reads.ts';
import { look } from './look.ts';
import { expectsNothing } from './operation.ts';
import { refuseNewHosts } from './refuse-new-hosts.ts';

export interface ImportInput extends Import {
  readonly dryRun: boolean;
  /** Nothing of it, unless every row is created or unchanged. */
  readonly atomic: boolean;
}

export interface RegistryImport extends ImportReport {
  readonly dryRun: boolean;
  /** Whether it was carried out; otherwise the outcomes are what they would have been. */
  readonly applied: boolean;
}

/** How many hosts an import may be about: each is locked, and its ports are loaded. */
const mostHosts = 64;

/** Records what a file says, in one transaction; or says what would be done, and does nothing. */
export async function importRegistry(
  context: RegistryContext,
  { rows: given, environment, dryRun, atomic }: ImportInput,
): Promise<RegistryImport | InvalidInput> {
  const rows = await withCanonicalPaths(context, given);
  const hosts = [...new Set(rows.flatMap((row) => hostOf(row) ?? []))];
  if (hosts.length > mostHosts) {
    const message = `It is about ${hosts.length} hosts, and an import takes at most ${mostHosts}: import it in parts.`;
    return new InvalidInput([{ path: ['content'], message }]);
  }
  const refused = await refuseNewHosts(context, hosts, 'content');
  if (refused) return refused;
  const imported = { rows, environment };
  const reads = readsOf(rows);
  if (dryRun) {
    const decide = (surroundings: Surroundings) => decided(decideImport(imported, surroundings));
    return { dryRun, applied: false, ...(await look(context, { hosts, reads, decide })) };
  }
  const locks = rows.some(({ kind }) => kind === 'codebase')
    ? { hosts: 'everything' as const, claimsOn: hosts }
    : { hosts };
  try {
    const report = await context.writer.submit({
      ...locks,
      name: 'import',
      reads,
      expects: expectsNothing,
      decide(surroundings) {
        const decision = decideImport(imported, surroundings);
        if (atomic && decision.conflicting + decision.invalid > 0) throw new NotApplied(decision);
        return decided(decision);
      },
    });
    return { dryRun, applied: true, ...report };
  } catch (error) {
    if (error instanceof NotApplied) return { dryRun, applied: false, ...error.report };
    throw error;
  }
}

/** Thrown out of the transaction, which undoes what was recorded for the rows that are well. */
class NotApplied extends Error {
  readonly report: ImportReport;

  constructor(report: ImportReport) {
    super('An atomic import has rows that cannot be imported.');
    this.report = report;
  }
}
