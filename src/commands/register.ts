import type { Environment, RegisterPortResult } from '../client/client.ts';
import { isRefusal } from '../client/refusal.ts';
import { renderClaim } from './allocate.ts';
import { environments, environmentWords } from './choices.ts';
import { defineCommand } from './command.ts';
import { code } from './markdown.ts';
import { claimAt, withoutWorktree } from './owner.ts';
import { renderRefusal } from './render-refusal.ts';

export interface RegisterArguments {
  readonly serviceName: string;
  readonly port: number;
  readonly environment: Environment;
  /** Though the port lies in another environment's range. */
  readonly force: boolean;
}

export const register = defineCommand<RegisterArguments, RegisterPortResult>({
  name: 'register',
  summary: 'Record the port of a service that exists, production above all.',
  words: [
    { name: 'service', description: 'what the service is called', isRequired: true },
    { name: 'port', description: 'the port that it has', isRequired: true },
    { name: 'environment', description: 'what it is for (default: production)', values: environmentWords },
  ],
  flags: [{ name: 'force', description: "even though the port lies in another environment's range" }],
  examples: ['nginx 443 production', 'api 9000'],
  read: (given) => ({
    serviceName: given.text('service'),
    port: given.port('port'),
    environment: given.choice('environment', environments) ?? 'PRODUCTION',
    force: given.isSet('force'),
  }),
  run: ({ serviceName, port, environment, force }, { client, place }) =>
    claimAt({ client, place: withoutWorktree(place, environment) }, environment, (owner) =>
      client.registerPort({ serviceName, port, environment, force, owner, host: place.host }),
    ),
  toMarkdown(result, { port }) {
    if (isRefusal(result)) return renderRefusal(result, [code(`/port-check ${port}`)]);
    const { allocation, created } = result;
    const became = created ? 'is registered' : 'is registered already';
    return renderClaim(result, [`Port ${port} ${became} for ${code(allocation.serviceName)}.`]);
  },
});
