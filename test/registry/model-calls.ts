import { asPort, type Port } from '../../src/domain/port.ts';
import { isRefusal } from '../../src/domain/refusals.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { checkout, claims, handover, registration, release, removal, service } from '../support/registry.ts';
import type { Answer, Command, Wish } from './model-commands.ts';

/** Carries a command out in the registry, and answers in the words of the model. */
export async function call(registry: Registry, command: Command): Promise<Answer> {
  switch (command.verb) {
    case 'allocate': {
      const { verb: _verb, wishes, ...options } = command;
      const services = servicesOf(wishes);
      const [alone] = services;
      if (!alone || services.length > 1) {
        return answer(await registry.allocatePorts(claims(services, options)), (grants) => ({
          granted: grants.map(toGrant),
        }));
      }
      const outcome = await registry.allocatePort({ ...options, service: alone });
      return answer(outcome, (grant) => ({ granted: [toGrant(grant)] }));
    }
    case 'release': {
      const { verb: _verb, port, ...options } = command;
      return answer(await registry.releasePort(release(port, options)), (released) => ({ ports: [released.port] }));
    }
    case 'register': {
      const { verb: _verb, port, service, hostnames, ...options } = command;
      const outcome = await registry.registerPort(
        registration(port, service, { ...options, publicHostnames: hostnames }),
      );
      return answer(outcome, (grant) => ({ granted: [toGrant(grant)] }));
    }
    case 'transfer': {
      const { verb: _verb, ports, ...options } = command;
      return answer(await registry.transferPorts(handover(ports, options)), (handed) => ({
        ports: handed.map(({ port }) => port),
      }));
    }
    case 'checkout': {
      const { host, path, branch, codebase: codebaseId, conversation: conversationId, environment, wishes } = command;
      const services = wishes && servicesOf(wishes);
      const input = checkout(path, { host, branch, codebaseId, conversationId, environment, services });
      return answer(await registry.registerWorktree(input), ({ allocations, created }) => ({
        ports: allocations.map(({ port }) => port),
        created,
      }));
    }
    case 'remove': {
      const { verb: _verb, path, ...options } = command;
      return answer(await registry.removeWorktree(removal(path, options)), ({ released }) => ({
        ports: released.map(({ port }) => port),
      }));
    }
    case 'codebase': {
      const { id, name, url: repositoryUrl, directory: defaultCwd, ports } = command;
      const configured = ports && { primaryPort: portOrNull(ports.primary), servicePorts: portsOf(ports.services) };
      const outcome = await registry.registerCodebase({ id, name, repositoryUrl, defaultCwd, ports: configured });
      return answer(outcome, ({ created }) => ({ ports: [], created }));
    }
  }
}

/** A refusal in the words of the model, or what `translate` makes of anything else. */
function answer<Outcome>(outcome: Outcome, translate: (granted: Exclude<Outcome, Error>) => Answer): Answer {
  if (!isRefusal(outcome)) return translate(outcome as Exclude<Outcome, Error>); // refusals are the only errors
  if (outcome.code !== 'PORT_UNAVAILABLE') return { refused: outcome.code };
  const { port, reasons, suggestions } = outcome;
  return { refused: outcome.code, port, reasons: [...reasons].sort(), instead: [...suggestions] };
}

const toGrant = ({
  allocation,
  created,
}: {
  readonly allocation: { readonly port: number };
  readonly created: boolean;
}) => ({
  port: allocation.port,
  created,
});

const servicesOf = (wishes: readonly Wish[]) =>
  wishes.map(({ service: name, preferred, exact }) =>
    service(name, { preferredPort: preferred ?? undefined, exactPort: exact ?? undefined }),
  );

const portOrNull = (port: number | null): Port | null => (port === null ? null : asPort(port));
const portsOf = (services: Readonly<Record<string, number>>): Record<string, Port> =>
  Object.fromEntries(Object.entries(services).map(([name, port]) => [name, asPort(port)]));
