import { printableJson } from '../domain/printable.ts';
import { distinctNames } from './distinct-names.ts';
import { environmentVariables } from './environment-variables.ts';
import type { Template } from './template.ts';

/** Everything that the other formats are made of: `services` by name, and `env`, the variables by theirs. */
export const json: Template = {
  filename: 'ports.json',
  render(plan) {
    const names = distinctNames(
      plan.services.map(({ serviceName }) => serviceName),
      '-',
    );
    const services = plan.services.map(({ port, url, environment, host, worktreePath, description }, index) => [
      names[index] ?? '',
      { port, url, environment, host, worktreePath, description },
    ]);
    const content = {
      services: Object.fromEntries(services),
      env: Object.fromEntries(environmentVariables(plan)),
    };
    return `${printableJson(JSON.stringify(content, null, 2))}\n`;
  },
};
