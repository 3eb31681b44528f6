import type { PlannedService } from './config-plan.ts';
import { distinctNames } from './distinct-names.ts';
import { heading, type Template } from './template.ts';

/**
 * Services for Docker Compose v2: https://docs.docker.com/reference/compose-file/services/. Each publishes its port
 * on this machine under a variable with a default, so that one file serves every worktree, and no override is needed,
 * whose ports Compose would add instead of putting them in their place.
 */
export const dockerCompose: Template = {
  filename: 'compose.override.yaml',
  render({ services }) {
    const known = composeServices(services);
    const names = distinctNames(known.map(composeName), '-');
    const named = known.map((service, index) => ({ ...service, composeName: names[index] ?? '' }));
    const several = named.length > 1;
    return `${[
      `# ${heading}, for Docker Compose.`,
      '# Its services must be those of compose.yaml, called the same: Compose refuses one that has no image there.',
      '# Compose adds these ports to those of compose.yaml: give the services none there, or move these lines to it.',
      `# Compose takes ${named[0]?.variable}_PORT from the environment or .env, not from .env.local. So start it with`,
      '#   docker compose --env-file .env.local up, or wharfinger run -- docker compose up',
      ...(several ? sharedLines(named) : []),
      'services:',
      ...named.flatMap((service) => serviceLines(service, several)),
    ].join('\n')}\n`;
  },
};

/** Without the worktree's placeholder where there are others: compose.yaml, which all worktrees share, cannot have it. */
function composeServices(services: readonly PlannedService[]): readonly PlannedService[] {
  const known = services.filter(({ isPlaceholder }) => !isPlaceholder);
  return known.length > 0 ? known : services;
}

interface NamedService extends PlannedService {
  readonly composeName: string;
}

/** Where containers find each other, and from where pages may call them. */
const sharedLines = (services: readonly NamedService[]) => [
  'x-wharfinger: &wharfinger',
  ...services.map(({ variable, composeName: name, port }) => `  ${variable}_URL: "http://${name}:${port}"`),
  `  CORS_ORIGINS: "${[...new Set(services.map(publishedOrigin))].join(',')}"`,
];

const serviceLines = ({ summary, composeName: name, variable, port }: NamedService, several: boolean) => [
  `  # ${summary}`,
  `  ${keyOf(name)}:`,
  '    ports:',
  `      - "127.0.0.1:\${${variable}_PORT:-${port}}:${port}"`,
  '    environment:',
  ...(several ? ['      <<: *wharfinger'] : []),
  `      PORT: "${port}"`,
];

/** Where a browser on this machine finds it: on the port that it is published under. */
function publishedOrigin({ origin, port, variable }: PlannedService): string {
  const end = `:${port}`;
  return origin.endsWith(end) ? `${origin.slice(0, -end.length)}:\${${variable}_PORT:-${port}}` : origin;
}

/** Of letters, digits, `.`, `_` and `-`, as Compose wants it. */
const composeName = ({ serviceName }: PlannedService) =>
  serviceName.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/^[-.]+|-$/g, '') || 'service';

/** Without quotation marks where YAML is certain to read a text: no number, no `null`, no `yes`. */
const keyOf = (name: string) =>
  /^[a-z][a-z0-9_-]{2,}$/.test(name) && !/^(null|true|false|yes|off)$/.test(name) ? name : `"${name}"`;
