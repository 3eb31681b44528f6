import type { Rendered } from './command.ts';
import { code, paragraphs, prose } from './markdown.ts';
import { sayRefusal } from './say-refusal.ts';
import { UsageError } from './usage-error.ts';

const refused = (...blocks: readonly (string | null)[]): Rendered => ({
  success: false,
  modified: false,
  message: paragraphs(blocks),
});

/** What a command says that does nothing, since there is no port management. */
export const switchedOff =
  'Port management is switched off (ENABLE_PORT_MANAGEMENT=false), so nothing was asked or changed.';

export const renderSwitchedOff = (): Rendered => refused(switchedOff);

/** Whatever a command threw, as an answer. The client's errors say the fact and the remedy. */
export function renderError(error: unknown, command: string): Rendered {
  if (error instanceof UsageError) {
    const { message, usage, nearest } = error;
    return refused(
      `${prose(message)}${nearest ? ` Did you mean ${code(nearest)}?` : ''}`,
      `Usage: ${code(`/port-${usage}`)}`,
      `${code(`/port-help ${command}`)} says more.`,
    );
  }
  const { name, extensions } = Object(error) as { name?: unknown; extensions?: unknown }; // whatever was thrown
  const { next } = Object(extensions) as { next?: unknown };
  return refused(
    prose(whyOf(error)),
    typeof next === 'string' ? `- Next: ${code(`/port-${next}`)}` : null,
    name === 'RegistryUnreachable' ? `Then give ${code(`/port-${command}`)} again: repeating it is safe.` : null,
  );
}

/** What an error says; the client's say the fact and the remedy. */
export function whyOf(error: unknown): string {
  const { message, extensions } = Object(error) as { message?: unknown; extensions?: unknown }; // whatever was thrown
  if (typeof message !== 'string' || message === '') return 'It failed, and nothing says why.';
  if (message.startsWith('Variable "$')) return 'What it was given is nothing that the registry takes.';
  const { issues } = Object(extensions) as { issues?: NonNullable<Parameters<typeof sayRefusal>[0]['issues']> };
  return sayRefusal({ message, issues: Array.isArray(issues) ? issues : [] });
}
