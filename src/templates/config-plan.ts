import { distinctNames } from './distinct-names.ts';
import { findService } from './find-service.ts';
import { oneLine, originOf, plainUrl } from './plain-text.ts';
import { inOrder, type Service } from './service.ts';

/** A service with what configuration calls it. */
export interface PlannedService extends Service {
  /** What its variables begin with, `WEB_SERVER`: capitals, digits and single underscores, no digit first. */
  readonly variable: string;
  /** What it is called in a path, `web-server`: letters, digits and single hyphens. */
  readonly slug: string;
  /** What a browser sends as the Origin of its pages. */
  readonly origin: string;
  /** Who it is, for a comment on one line. */
  readonly summary: string;
}

/** What is to be configured: each format makes of it what it can. */
export interface ConfigPlan {
  /** All of them, by name; never empty. */
  readonly services: readonly PlannedService[];
  /** The one that is meant before all others: the one asked for, the only one, or the primary one of its codebase. */
  readonly main: PlannedService | undefined;
}

/**
 * The services under names that are distinct also where their own differ only in what a name cannot hold.
 * `wanted` is the name of the one that the configuration is for; refused where none, or more than one, has it.
 */
export function planConfig(found: readonly Service[], wanted: string | null): ConfigPlan {
  const services = planned(inOrder(found));
  if (wanted !== null) return { services, main: findService(services, wanted, ['service']) };
  if (services.length === 1) return { services, main: services[0] };
  const primary = services.filter(({ isPrimary }) => isPrimary);
  return { services, main: primary.length === 1 ? primary[0] : undefined };
}

/** The service that a file for one server is about: the main one, else the first whose name is likely, else the first. */
export function subjectOf({ services, main }: ConfigPlan, likely: RegExp): PlannedService {
  const subject = main ?? services.find(({ serviceName }) => likely.test(serviceName)) ?? services[0];
  if (!subject) throw new Error('A plan has at least one service.');
  return subject;
}

/** The services beside one of them. */
export const othersThan = (service: PlannedService, { services }: ConfigPlan) =>
  services.filter((other) => other !== service);

function planned(services: readonly Service[]): PlannedService[] {
  const variables = distinctNames(services.map(variableOf), '_');
  const slugs = distinctNames(services.map(slugOf), '-');
  return services.map((service, index) => {
    const { serviceName, environment, host, description } = service;
    const url = plainUrl(service.url);
    const summary = [`${oneLine(serviceName)} (${environment}, on ${oneLine(host)})`, oneLine(description ?? '')];
    return {
      ...service,
      url,
      variable: variables[index] ?? '',
      slug: slugs[index] ?? '',
      origin: originOf(url),
      summary: summary.filter(Boolean).join(': '),
    };
  });
}

/** As long as the variables that a backfill reads. */
const longestVariable = 63;

function variableOf({ serviceName }: Service): string {
  const words = serviceName.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
  const name = words.replace(/^_/, '').slice(0, longestVariable).replace(/_$/, '');
  if (name === '') return 'SERVICE';
  return /^\d/.test(name) ? `_${name}` : name;
}

function slugOf({ serviceName }: Service): string {
  const words = serviceName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return words.replaceAll(/^-|-$/g, '') || 'service';
}
