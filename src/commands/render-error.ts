import type { Rendered } from './command.ts';
import { code, paragraphs } from './markdown.ts';
import { UsageError } from './usage-error.ts';

const refused = (...blocks: readonly (string | null)[]): Rendered => ({
  success: false,
  modified: false,
  message: paragraphs(blocks),
});

export const switchedOff: Rendered = refused(
  'Port management is switched off (ENABLE_PORT_MANAGEMENT=false), so nothing was asked or changed.',
);

/** Whatever a command threw, as an answer. The client's errors say the fact and the remedy. */
export function renderError(error: unknown, command: string): Rendered {
  if (error instanceof UsageError) {
    const { message, usage, nearest } = error;
    return refused(
      `${message}${nearest ? ` Did you mean ${code(nearest)}?` : ''}`,
      `Usage: ${code(`/port-${usage}`)}`,
      `${code(`/port-help ${command}`)} says more.`,
    );
  }
  const isUnreachable = Object(error).name === 'RegistryUnreachable';
  return refused(
    whyOf(error),
    isUnreachable ? `Then give ${code(`/port-${command}`)} again: repeating it is safe.` : null,
  );
}

/** What an error says; the client's say the fact and the remedy. */
export function whyOf(error: unknown): string {
  const { message } = Object(error) as { message?: unknown }; // whatever was thrown
  return typeof message === 'string' && message !== '' ? message : 'It failed, and nothing says why.';
}
