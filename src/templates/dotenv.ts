import { assignment, environmentVariables } from './environment-variables.ts';
import { heading, type Template } from './template.ts';

/** Variables for whatever reads `.env` files: https://github.com/motdotla/dotenv, `node --env-file`, Vite, Next.js. */
export const dotenv: Template = {
  filename: '.env.local',
  render(plan) {
    const comments = [`${heading}:`, ...plan.services.map(({ port, summary }) => `${port} ${summary}`)];
    const lines = environmentVariables(plan).map(([name, value]) => assignment(name, value));
    return `${[...comments.map((line) => `# ${line}`), ...lines].join('\n')}\n`;
  },
};
