import type { ConfigFormat, ConflictAction, Environment, RegistryFormat } from '../client/client.ts';

/** What may be typed for an environment. */
export const environments: Readonly<Record<string, Environment>> = {
  dev: 'DEV',
  test: 'TEST',
  production: 'PRODUCTION',
  development: 'DEV',
  prod: 'PRODUCTION',
  testing: 'TEST',
};
export const environmentWords = ['dev', 'test', 'production'] as const;

/** What may be typed for a format of configuration. */
export const configFormats: Readonly<Record<string, ConfigFormat>> = {
  dotenv: 'DOTENV',
  express: 'EXPRESS',
  vite: 'VITE',
  next: 'NEXT',
  'docker-compose': 'DOCKER_COMPOSE',
  shell: 'SHELL',
  json: 'JSON',
  markdown: 'MARKDOWN',
  env: 'DOTENV',
  '.env': 'DOTENV',
  'express.js': 'EXPRESS',
  nextjs: 'NEXT',
  'next.js': 'NEXT',
  docker_compose: 'DOCKER_COMPOSE',
  compose: 'DOCKER_COMPOSE',
  docker: 'DOCKER_COMPOSE',
  sh: 'SHELL',
  bash: 'SHELL',
  md: 'MARKDOWN',
};
export const configFormatWords = Object.keys(configFormats).slice(0, 8);

/** What may be typed for a format of registry files. */
export const registryFormats: Readonly<Record<string, RegistryFormat>> = {
  json: 'JSON',
  csv: 'CSV',
  markdown: 'MARKDOWN',
  devports: 'DEVPORTS',
  'port-keeper': 'PORT_KEEPER',
  'scar-supervision': 'SCAR_SUPERVISION',
  md: 'MARKDOWN',
  portkeeper: 'PORT_KEEPER',
  port_keeper: 'PORT_KEEPER',
  scar: 'SCAR_SUPERVISION',
  scar_supervision: 'SCAR_SUPERVISION',
};
export const registryFormatWords = Object.keys(registryFormats).slice(0, 6);

/** What may be typed for what is done about a conflict. */
export const conflictActions: Readonly<Record<string, ConflictAction>> = {
  adopt: 'ADOPT',
  reallocate: 'REALLOCATE',
  release: 'RELEASE',
  dismiss: 'DISMISS',
};
export const conflictActionWords = Object.keys(conflictActions);

/** The word for one of the above, as commands take and chats show it: `dev`, `docker-compose`. */
export const wordFor = (value: string): string => value.toLowerCase().replaceAll('_', '-');
