import { assignment, environmentVariables } from './environment-variables.ts';
import { heading, type Template } from './template.ts';

/** The same variables for a POSIX shell to read with `.`, exported to what it starts. */
export const shell: Template = {
  filename: 'ports.sh',
  render(plan) {
    const comments = [
      `${heading}; read them with: . ./ports.sh`,
      ...plan.services.map(({ port, summary }) => `${port} ${summary}`),
    ];
    const lines = environmentVariables(plan).map(([name, value]) => `export ${assignment(name, value)}`);
    return `${[...comments.map((line) => `# ${line}`), ...lines].join('\n')}\n`;
  },
};
