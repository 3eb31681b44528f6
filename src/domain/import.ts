import { newAllocation } from './allocate.ts';
import type { Surroundings } from './choose.ts';
import { importCodebase, importWorktree } from './import-places.ts';
import {
  type ImportedClaim,
  type ImportedRow,
  type ImportOutcome,
  type ImportReport,
  type ImportRow,
  type Judgement,
  judged,
} from './import-report.ts';
import type { Ledger } from './ledger.ts';
import { describeOwner, ownerKey } from './owner.ts';
import { identify, missingCodebase } from './parties.ts';
import { type Environment, environmentOf } from './policy.ts';
import { describeHolder, isRefusal } from './refusals.ts';
import type { Allocation } from './registry-model.ts';

export interface Import {
  /** In the order in which they are decided. */
  readonly rows: readonly ImportRow[];
  /** What claims are for that do not say; null for that of the range in which their ports lie, else production. */
  readonly environment: Environment | null;
}

/**
 * Records the claims, codebases and worktrees of a file, each where nothing stands against it, and answers what
 * became of every row. Nothing that is registered already is changed: a row that says the same is UNCHANGED,
 * whatever it leaves out, and one that says something else is a CONFLICT. So importing twice changes nothing.
 */
export function decideImport({ rows, environment }: Import, surroundings: Surroundings): ImportReport {
  const { ledger } = surroundings;
  /** Under which id a codebase of the file is registered here. */
  const codebaseIds = new Map<string, string>();
  const known = (id: string | null) => (id === null ? null : (codebaseIds.get(id) ?? id));

  const decide = (row: ImportRow): Judgement => {
    switch (row.kind) {
      case 'unreadable':
        return judged('INVALID', row.problem);
      case 'codebase':
        return importCodebase(row.codebase, ledger, codebaseIds);
      case 'worktree':
        return importWorktree({ ...row.worktree, codebaseId: known(row.worktree.codebaseId) }, ledger);
      case 'claim': {
        const owner = { ...row.claim.owner, codebaseId: known(row.claim.owner.codebaseId) };
        const claim = { ...row.claim, owner, environment: row.claim.environment ?? environment };
        const isLacking = claim.canLackCodebase && missingCodebase(ledger, owner.codebaseId) !== undefined;
        return isLacking ? importWithoutCodebase(claim, surroundings) : importClaim(claim, surroundings);
      }
    }
  };
  const imported = rows.map((row): ImportedRow => {
    const judgement = decide(row);
    return { ...namesOf(row), ...judgement, ...placesOf(judgement, ledger) };
  });
  const count = (outcome: ImportOutcome) => imported.filter((each) => each.outcome === outcome).length;
  return {
    rows: imported,
    created: count('CREATED'),
    unchanged: count('UNCHANGED'),
    conflicting: count('CONFLICT'),
    invalid: count('INVALID'),
  };
}

function namesOf(row: ImportRow): Pick<ImportedRow, 'line' | 'port' | 'serviceName'> {
  if (row.kind === 'unreadable') return { line: row.line, port: row.port, serviceName: row.serviceName };
  if (row.kind !== 'claim') return { line: row.line, port: null, serviceName: null };
  return { line: row.line, port: row.claim.port, serviceName: row.claim.serviceName };
}

/** What the allocation of an outcome belongs to, which in a dry run is in no database. */
function placesOf({ allocation, holder }: Judgement, ledger: Ledger): Pick<ImportedRow, 'worktree' | 'codebase'> {
  const told = allocation ?? holder;
  const codebase = told?.codebaseId == null ? undefined : ledger.catalog.get(told.codebaseId);
  return { worktree: ledger.worktree(told?.worktreeId ?? null) ?? null, codebase: codebase ?? null };
}

/** A codebase's id is one registry's own; another one's claims are of use without it. */
function importWithoutCodebase(claim: ImportedClaim, around: Surroundings): Judgement {
  const judgement = importClaim({ ...claim, owner: { ...claim.owner, codebaseId: null } }, around);
  if (judgement.outcome === 'INVALID') return judgement;
  return {
    ...judgement,
    message: `${judgement.message} No codebase has the id ${claim.owner.codebaseId}: it is left out.`,
  };
}

function importClaim(claim: ImportedClaim, { ledger, policy }: Surroundings): Judgement {
  const { hostName, port, serviceName, kept } = claim;
  if (kept?.releasedAt) return importHistory(claim, kept.releasedAt, ledger);
  const holder = ledger.holder(hostName, port);
  if (holder && saysTheSame(claim, holder)) {
    return judged('UNCHANGED', `${describeHolder(holder)}, as the row says.`, { allocation: holder });
  }
  if (holder) {
    const message = `${describeHolder(holder)}, and the row is about ${describeClaim(claim)}: release the port first, or leave the row out.`;
    return judged('CONFLICT', message, { holder });
  }
  const range = environmentOf(port, policy);
  const environment = claim.environment ?? range ?? 'production';
  // What a registry kept, it took once; ranges may have been others then.
  if (range !== undefined && range !== environment && !kept) {
    const message = `Port ${port} lies in the ${range} range, and the row is for ${environment}: register it by itself with force (registerPort, wharfinger register --force), or import it for ${range}.`;
    return judged('INVALID', message);
  }
  const claimant = identify(ledger, hostName, claim.owner);
  if (isRefusal(claimant)) return judged('INVALID', claimant.message);
  const created: Allocation = {
    ...newAllocation({ ...claim, environment }, claimant, ledger),
    ...keptOf(claim, ledger),
  };
  const message = `Port ${port} on ${hostName} is registered for the ${environment} service "${serviceName}" of ${describeOwner(created.owner)}.`;
  return judged('CREATED', message, { allocation: ledger.record('registered', created) });
}

/** Whether the holder agrees with everything that the row says; what the row does not say is no disagreement. */
function saysTheSame({ serviceName, environment, owner }: ImportedClaim, holder: Allocation): boolean {
  if (holder.serviceName !== serviceName) return false;
  if (environment !== null && holder.environment !== environment) return false;
  if (owner.worktreePath !== null) return holder.owner === ownerKey(owner);
  if (owner.codebaseId !== null) return holder.codebaseId === owner.codebaseId;
  return owner.conversationId === null || holder.conversationId === owner.conversationId;
}

function describeClaim({ serviceName, environment, owner }: ImportedClaim): string {
  const key = ownerKey(owner);
  const of = key === 'nobody' ? '' : ` of ${describeOwner(key)}`;
  return `the ${environment === null ? '' : `${environment} `}service "${serviceName}"${of}`;
}

/** What a registry kept of a claim. Its id stays where no other allocation has it. */
function keptOf({ kept }: ImportedClaim, ledger: Ledger): Partial<Allocation> {
  if (!kept) return {};
  const { id, ...facts } = kept;
  return id === null || ledger.allocation(id) ? facts : { id, ...facts };
}

/** History is known by its id. It is taken only on a port that nobody holds here, since the log would tell it as free. */
function importHistory(claim: ImportedClaim, releasedAt: Date, ledger: Ledger): Judgement {
  const { hostName, port, owner, kept } = claim;
  const known = kept?.id ? ledger.allocation(kept.id) : undefined;
  if (known) return judged('UNCHANGED', `It is in the registry already, as ${known.id}.`, { allocation: known });
  const holder = ledger.holder(hostName, port);
  if (holder) {
    return judged('CONFLICT', `It is history, and ${lowerFirst(describeHolder(holder))}: leave the row out.`, {
      holder,
    });
  }
  const missing = missingCodebase(ledger, owner.codebaseId);
  if (missing) return judged('INVALID', missing.message);
  const worktree = owner.worktreePath === null ? undefined : ledger.worktreeAt(hostName, owner.worktreePath);
  if (owner.worktreePath !== null && !worktree) {
    return judged(
      'INVALID',
      `No worktree is known at ${owner.worktreePath} on ${hostName}: import it with its history.`,
    );
  }
  const claimant = {
    key: ownerKey(owner),
    codebaseId: owner.codebaseId,
    conversationId: owner.conversationId,
    settle: () => worktree?.id ?? null,
  };
  const environment = claim.environment ?? 'production';
  const released: Allocation = {
    ...newAllocation({ ...claim, environment }, claimant, ledger),
    ...keptOf(claim, ledger),
    releasedAt,
    status: 'released',
  };
  const message = `Port ${port} on ${hostName}, released at ${releasedAt.toISOString()}, is kept as history.`;
  return judged('CREATED', message, { allocation: ledger.record('released', released, 'imported as history') });
}

const lowerFirst = (text: string) => text.slice(0, 1).toLowerCase() + text.slice(1);
