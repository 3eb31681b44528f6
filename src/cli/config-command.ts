import type { AllocationFilter, RenderedConfig } from '../client/client.ts';
import type { Command } from '../commands/command.ts';
import { type ConfigArguments, config, unknownService } from '../commands/config.ts';
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

/**
 * What other programs write there as well: the development ports of the worktree, else all of them. Where configuration
 * is only shown, it may be that of a service elsewhere; another worktree's ports are not for this one's files.
 */
async function renderHere(
  { serviceName, format }: ConfigArguments,
  worktreePath: string,
  { client, place: { host } }: Parameters<typeof config.run>[1],
): Promise<RenderedConfig> {
  const here = { worktreePath, ...(host !== null && { host }) };
  let failure: unknown;
  const development: AllocationFilter = { ...here, environments: ['DEV'] };
  for (const where of [development, here]) {
    try {
      return await client.portConfig({ where, format, service: serviceName }); // the second only without the first
    } catch (error) {
      if (!['NOT_FOUND', 'INVALID_INPUT'].includes(String(Object(error).code))) throw error;
      failure = error;
    }
  }
  const { totalCount } = await client.portAllocations({ where: { ...here, serviceName }, first: 1 });
  throw totalCount > 0 ? failure : await unknownService(serviceName, client, worktreePath); // more than one fits
}
