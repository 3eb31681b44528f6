import { freePorts, listenerOn, type PortSeeker, reasonsAgainst, type Surroundings, suggestPorts } from './choose.ts';
import { type Decision, decided } from './decision.ts';
import type { PlacedListener } from './listeners.ts';
import { nobody, ownerKey } from './owner.ts';
import { type Environment, environmentOf, type UnavailableReason } from './policy.ts';
import type { Port } from './port.ts';
import { describeHolder, explainReasons, RangeExhausted } from './refusals.ts';
import type { Allocation } from './registry-model.ts';

/** Everything known about one port, and a plain sentence that an agent can relay. */
export interface PortCheck {
  readonly hostName: string;
  readonly port: Port;
  readonly available: boolean;
  readonly reasons: readonly UnavailableReason[];
  readonly allocation: Allocation | null;
  /** What listens on it; null where nobody does, or it cannot be told. */
  readonly listener: PlacedListener | null;
  readonly suggestions: readonly Port[];
  readonly explanation: string;
}

/** Whether anybody could be allocated this port on a host, in the environment whose range it lies in. */
export function checkPort(hostName: string, port: Port, surroundings: Surroundings): Decision<PortCheck> {
  const { ledger, policy, probed } = surroundings;
  const range = environmentOf(port, policy);
  const seeker = anybody(hostName, range ?? 'dev');
  const reasons = reasonsAgainst(port, seeker, surroundings);
  const suggestions = reasons.length > 0 ? suggestPorts(port, seeker, surroundings) : [];
  const listener = listenerOn(port, hostName, surroundings);
  const unprobed = [port, ...suggestions].filter((each) => probed(hostName, each) === undefined);
  if (listener === undefined) unprobed.push(port);
  if (listener === undefined || unprobed.length > 0) return { unprobed };

  const allocation = ledger.holder(hostName, port) ?? null;
  const check = { hostName, port, reasons, allocation, listener, suggestions };
  return decided({
    ...check,
    available: reasons.length === 0,
    explanation: explain(check, { environment: range ?? 'dev', surroundings }),
  });
}

/** The port that a service without an owner would be given now. Nothing is held for it. */
export function recommendPort(
  hostName: string,
  environment: Environment,
  serviceName: string,
  surroundings: Surroundings,
): Decision<PortCheck | RangeExhausted> {
  const { ledger, policy, probed } = surroundings;
  const seeker = anybody(hostName, environment);
  const [held] = ledger.held({ ...seeker, serviceName });
  if (held) return decided(alreadyHeld(held));
  const former = ledger.formerPort({ ...seeker, serviceName });
  const formerIsFree = former !== null && reasonsAgainst(former, seeker, surroundings).length === 0;
  const { value: next } = freePorts(seeker, surroundings, new Set()).next();
  const port = formerIsFree ? former : next;
  if (port === undefined) {
    const range = policy.ranges[environment];
    return decided(new RangeExhausted({ hostName, environment, range, wanted: 1, free: 0 }));
  }

  const suggestions = suggestPorts(port, seeker, surroundings);
  const unprobed = [port, ...suggestions].filter((each) => probed(hostName, each) === undefined);
  if (unprobed.length > 0) return { unprobed };
  const explanation = `Port ${port} on ${hostName} is free for the ${environment} service "${serviceName}": allocate it before you use it, since nothing is held by asking.`;
  const check = { hostName, port, available: true, reasons: [], allocation: null, listener: null, suggestions };
  return decided({ ...check, explanation });
}

function alreadyHeld(held: Allocation): PortCheck {
  const { hostName, port } = held;
  const explanation = `${describeHolder(held)}: allocating it again gives the same port.`;
  const check = { hostName, port, available: false, allocation: held, listener: null, suggestions: [] };
  return { ...check, reasons: ['ALLOCATED'], explanation };
}

const anybody = (hostName: string, environment: Environment): PortSeeker => ({
  hostName,
  environment,
  owner: ownerKey(nobody),
  codebaseId: null,
});

function explain(
  check: Omit<PortCheck, 'available' | 'explanation'>,
  { environment, surroundings: { policy, probed } }: { environment: Environment; surroundings: Surroundings },
): string {
  const { hostName, port, reasons, allocation, listener, suggestions } = check;
  if (reasons.length === 0) return `Port ${port} on ${hostName} is free to allocate in the ${environment} range.`;
  const range = policy.ranges[environment];
  const why = explainReasons({ hostName, port, environment, range, reasons, holder: allocation, listener });
  const instead = suggestions.length > 0 ? ` Free instead: ${suggestions.join(', ')}.` : '';
  // What an agent must not conclude from "address already in use".
  const hint =
    allocation && probed(hostName, port) === 'listening'
      ? ' That the address is in use is not a bug in your code: do not stop its owner, take another port.'
      : '';
  return `${why}${hint}${instead}`;
}
