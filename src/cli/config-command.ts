import type { RenderedConfig } from '../client/client.ts';
import type { Command, CommandContext } from '../commands/command.ts';
import { type ConfigArguments, config, configAmong, unknownService } from '../commands/config.ts';
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

/** Only of the worktree's own services: another worktree's ports are not for this one's files. */
async function renderHere(
  args: ConfigArguments,
  worktreePath: string,
  { client, place: { host } }: CommandContext,
): Promise<RenderedConfig> {
  const here = { worktreePath, ...(host !== null && { host }) };
  const rendered = await configAmong(args, here, client);
  if (rendered === null) throw await unknownService(args.serviceName, client, worktreePath);
  return rendered;
}
