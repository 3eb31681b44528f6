import type { RegistryClient } from '../../src/client/client.ts';
import { type ChatContext, type CommandResult, createPortCommandHandler } from '../../src/commands/handler.ts';
import type { RegistryOptions } from '../../src/registry/registry.ts';
import { openClient } from '../client/registry-client.ts';
import { embedded } from '../support/databases.ts';
import { openRegistry } from '../support/registry.ts';
import { startServer } from '../support/server.ts';

/** A conversation with the commands of a real server. */
export interface Chat {
  readonly client: RegistryClient;
  readonly handler: ReturnType<typeof createPortCommandHandler>;
  /** Says something in the conversation; in another one where a context is given. */
  say(text: string, context?: ChatContext): Promise<CommandResult>;
  /** `say`, and the message of what went well. */
  hear(text: string, context?: ChatContext): Promise<string>;
  /** `say`, and the message of what did not. */
  refused(text: string, context?: ChatContext): Promise<string>;
}

/** Opens a chat whose context is this unless said otherwise, on a registry of its own. */
export async function openChat(context: ChatContext = {}, overrides: Partial<RegistryOptions> = {}): Promise<Chat> {
  const database = await embedded.open();
  const { url } = await startServer({ database, registry: openRegistry(database, overrides) });
  const client = openClient({ url });
  const handler = createPortCommandHandler(client, { enabled: true });
  const say: Chat['say'] = (text, other = context) => handler.handle(text, other);
  return {
    client,
    handler,
    say,
    async hear(text, other) {
      const { success, message } = await say(text, other);
      if (!success) throw new Error(`${text} was refused: ${message}`);
      return message;
    },
    async refused(text, other) {
      const { success, message } = await say(text, other);
      if (success) throw new Error(`${text} was not refused: ${message}`);
      return message;
    },
  };
}
