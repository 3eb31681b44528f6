import type { BackfillStep } from './backfill.ts';
import type { NamedPort } from './backfill-wishes.ts';
import { listenerOn, reasonsAgainst, type Surroundings } from './choose.ts';
import type { Port } from './port.ts';
import { explainReasons } from './refusals.ts';
import type { Allocation } from './registry-model.ts';

interface Outcome {
  /** What the worktree has now, in the order of its wishes where it had any. */
  readonly allocations: readonly Allocation[];
  /** The worktrees of the backfill that were given ports, by port. */
  readonly givenTo: ReadonlyMap<number, string>;
}

/** Which ports a worktree has after a backfill and why these, in sentences. The same for a dry run. */
export function explainBackfill(step: BackfillStep, outcome: Outcome, around: Surroundings): string {
  const { leftAlone, codebaseNote } = step;
  const sentences = explainPorts(step, outcome, around);
  for (const { named, because } of leftAlone) sentences.push(`${asWritten(named)} is left alone: ${because}.`);
  if (codebaseNote !== null) sentences.push(codebaseNote);
  return sentences.join(' ');
}

function explainPorts({ holdsPorts, wishes }: BackfillStep, outcome: Outcome, around: Surroundings): string[] {
  const { allocations } = outcome;
  const ports = allocations.map(portAndService).join(', ');
  if (holdsPorts) return [`It keeps ${ports}, which it holds already.`];
  if (wishes.length === 0) return [`It is given ${ports}, since its .env files name no port to take over.`];
  return wishes.flatMap(({ named }, index) => {
    const allocation = allocations[index];
    return allocation ? [explainWish(named, allocation, outcome, around)] : [];
  });
}

function explainWish(named: NamedPort, given: Allocation, outcome: Outcome, around: Surroundings): string {
  if (given.port === named.port) return `It takes over ${portAndService(given)} from ${asWritten(named)}.`;
  const instead = `It is given ${portAndService(given)} instead of ${asWritten(named)}.`;
  return `${instead} ${whyNot(named.port, given, outcome, around)} Write ${named.variable}=${given.port} into its ${named.file}.`;
}

/** Why it was not given the port that it names. */
function whyNot(port: Port, given: Allocation, { givenTo }: Outcome, around: Surroundings): string {
  const { hostName, environment } = given;
  const other = givenTo.get(port);
  if (other !== undefined) return `Port ${port} goes to the worktree ${other}.`;
  const reasons = reasonsAgainst(port, given, around);
  const holder = around.ledger.holder(hostName, port) ?? null;
  const listener = listenerOn(port, hostName, around) ?? null;
  const range = around.policy.ranges[environment];
  return explainReasons({ hostName, port, environment, range, reasons, holder, listener });
}

const asWritten = ({ variable, port, file }: NamedPort) => `${variable}=${port} in ${file}`;

const portAndService = ({ port, serviceName }: Allocation) => `port ${port} for "${serviceName}"`;
