import type { RenderedConfig } from '../client/client.ts';
import { RegistryError } from '../client/errors.ts';
import type { Command } from '../commands/command.ts';
import { type ConfigArguments, config } from '../commands/config.ts';
import type { WrittenConfig } from './write-config.ts';

interface FileArguments extends ConfigArguments {
  readonly isWritten: boolean;
}

/** A rendered file, and where it was put, where that was asked. */
export type ConfigFile = RenderedConfig & { readonly written: WrittenConfig | null };

/** The chat's command with a switch that only a terminal has, since the chat's has no files. */
export const configFile: Command<FileArguments, ConfigFile> = {
  ...config,
  flags: [
    ...config.flags,
    { name: 'write', description: 'write it into the worktree, whose files keep what they have' },
  ],
  examples: [...config.examples, 'web --write'],
  parse({ flags: { write, ...flags }, ...given }) {
    return { ...config.parse({ ...given, flags }), isWritten: write !== undefined };
  },
  async run(args, context) {
    const { worktreePath } = context.place;
    if (!args.isWritten || worktreePath === null) return { ...(await config.run(args, context)), written: null };
    const rendered = await renderHere(args, worktreePath, context);
    const { writeConfig } = await import('./write-config.ts');
    return { ...rendered, written: await writeConfig(worktreePath, rendered) };
  },
};

/** Where it is only shown, it may be that of a service elsewhere; another worktree's ports are not for this one's files. */
async function renderHere(
  { serviceName, format }: ConfigArguments,
  worktreePath: string,
  { client, place: { host } }: Parameters<typeof config.run>[1],
): Promise<RenderedConfig> {
  const where = { worktreePath, ...(host !== null && { host }) };
  try {
    return await client.portConfig({ where, format, service: serviceName });
  } catch (error) {
    if (Object(error).code !== 'NOT_FOUND') throw error;
    const fact = `No service of ${worktreePath} has a port, so nothing was written: allocate one first.`;
    throw new RegistryError(fact, 'NOT_FOUND');
  }
}
