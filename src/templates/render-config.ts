import { planConfig } from './config-plan.ts';
import { dockerCompose } from './docker-compose.ts';
import { dotenv } from './dotenv.ts';
import { express } from './express.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { next } from './next.ts';
import type { Service } from './service.ts';
import { shell } from './shell.ts';
import type { Template } from './template.ts';
import { vite } from './vite.ts';

const templates = {
  DOTENV: dotenv,
  SHELL: shell,
  EXPRESS: express,
  VITE: vite,
  NEXT: next,
  DOCKER_COMPOSE: dockerCompose,
  JSON: json,
  MARKDOWN: markdown,
} as const satisfies Record<string, Template>;

export type ConfigFormat = keyof typeof templates;

/** A file, ready to be written. */
export interface RenderedConfig {
  readonly format: ConfigFormat;
  readonly filename: string;
  readonly content: string;
}

/**
 * Configuration for services, at least one, in a format. `wanted` names the service that it is for where there are
 * several; refused where none, or more than one, has that name.
 */
export function renderConfig(
  services: readonly Service[],
  format: ConfigFormat,
  wanted: string | null,
): RenderedConfig {
  const { filename, render } = templates[format];
  return { format, filename, content: render(planConfig(services, wanted)) };
}
