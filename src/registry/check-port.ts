import { checkPort as decideCheck, recommendPort as decideRecommendation, type PortCheck } from '../domain/check.ts';
import { nobody, ownerKey } from '../domain/owner.ts';
import type { Environment } from '../domain/policy.ts';
import type { Port } from '../domain/port.ts';
import type { RangeExhausted } from '../domain/refusals.ts';
import type { RegistryContext } from './context.ts';
import { look } from './look.ts';

/** What is known of one port of a host. */
export function checkPort(
  context: RegistryContext,
  input: { readonly port: Port; readonly host: string | null },
): Promise<PortCheck> {
  const hostName = input.host ?? context.hostName;
  return look(context, {
    hosts: [hostName],
    reads: { ports: [{ hostName, port: input.port }] },
    decide: (surroundings) => decideCheck(hostName, input.port, surroundings),
  });
}

/** The port that a service without an owner would be given now; nothing is held. */
export function recommendPort(
  context: RegistryContext,
  input: { readonly serviceName: string; readonly environment: Environment; readonly host: string | null },
): Promise<PortCheck | RangeExhausted> {
  const { serviceName, environment } = input;
  const hostName = input.host ?? context.hostName;
  const service = { hostName, environment, serviceName, owner: ownerKey(nobody) };
  return look(context, {
    hosts: [hostName],
    reads: { services: [service] },
    decide: (surroundings) => decideRecommendation(hostName, environment, serviceName, surroundings),
  });
}
