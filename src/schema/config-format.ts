import type { Builder } from './builder.ts';

/** What configuration can be rendered for. */
export const addConfigFormat = (builder: Builder) =>
  builder.enumType('ConfigFormat', {
    description: 'What reads the configuration.',
    values: {
      DOTENV: { description: 'Whatever reads .env files: PORT, and port and URL of each service as variables.' },
      SHELL: { description: 'A POSIX shell: the same variables, exported.' },
      EXPRESS: {
        description: 'Node.js with Express 5: a server that listens, and takes calls from the pages of the others.',
      },
      VITE: { description: 'Vite: the ports of its servers, strictly, and proxies for the other services.' },
      NEXT: { description: 'npm, for Next.js: scripts with the port, for which Next.js has no setting.' },
      DOCKER_COMPOSE: {
        description: 'Docker Compose v2: services that publish their ports, each under a variable with a default.',
      },
      JSON: { description: 'Programs: the services by name, and the variables of DOTENV.' },
      MARKDOWN: { description: 'People: a table.' },
    },
  } as const);
