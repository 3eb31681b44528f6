import type { ConfigPlan } from './config-plan.ts';

/**
 * What programs are told through their environment, by name: `PORT` for the main service; port and URL of
 * each; and, where there are several, the origins whose pages may call each other.
 */
export function environmentVariables({ services, main }: ConfigPlan): [name: string, value: string][] {
  const each = services.flatMap(({ variable, port, url }): [string, string][] => [
    [`${variable}_PORT`, String(port)],
    [`${variable}_URL`, url],
  ]);
  const origins = [...new Set(services.map(({ origin }) => origin))];
  return [
    ...(main ? [['PORT', String(main.port)] satisfies [string, string]] : []),
    ...each,
    ...(services.length > 1 ? [['CORS_ORIGINS', origins.join(',')] satisfies [string, string]] : []),
  ];
}

/** `NAME=value` as a shell and a dotenv parser both read it. A value has no quotation marks: see `plainUrl`. */
export function assignment(name: string, value: string): string {
  return /^[A-Za-z0-9:/._,-]*$/.test(value) ? `${name}=${value}` : `${name}='${value}'`;
}
