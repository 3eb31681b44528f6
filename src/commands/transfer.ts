import type { OwnerInput, PortAllocation, TransferPortsResult } from '../client/client.ts';
import { isRefusal } from '../client/refusal.ts';
import { defineCommand } from './command.ts';
import { ownerOf } from './describe.ts';
import { code } from './markdown.ts';
import { callerAt } from './owner.ts';
import { renderRefusal } from './render-refusal.ts';

export interface TransferArguments {
  readonly port: number;
  readonly to: OwnerInput;
  /** Though somebody else holds it. */
  readonly force: boolean;
}

/** With whether anything is another's now: a port may be handed to who has it. */
export type TransferResult = TransferPortsResult & { readonly changed: boolean };

export const transfer = defineCommand<TransferArguments, TransferResult>({
  name: 'transfer',
  summary: 'Hand a port to another conversation, worktree or codebase.',
  words: [
    { name: 'port', description: 'which one', isRequired: true },
    { name: 'to', description: 'may be left out', values: ['to'] },
    { name: 'conversation', description: 'the conversation that takes it over' },
  ],
  synopsis: '<port> [[to] conversation]',
  flags: [
    { name: 'to-worktree', description: 'the worktree that takes it over', takes: 'path' },
    { name: 'to-codebase', description: 'the codebase that takes it over', takes: 'id' },
    { name: 'to-conversation', description: 'the conversation that takes it over', takes: 'id' },
    { name: 'force', description: "hand over somebody else's, or one that public hostnames point at" },
  ],
  examples: ['8124 to issue-12', '8124 --to-worktree /src/shop-cart'],
  read(given) {
    const [, second, third] = given.words;
    const isSpelledOut = second?.toLowerCase() === 'to';
    if (third !== undefined && !isSpelledOut) throw given.misuse(`It takes no ${JSON.stringify(third.slice(0, 60))}.`);
    const to = {
      worktreePath: given.optionalText('to-worktree'),
      codebaseId: given.optionalText('to-codebase'),
      conversationId: given.optionalText('to-conversation') ?? (isSpelledOut ? third : second) ?? null,
    };
    if (Object.values(to).every((party) => party === null)) throw given.misuse('It takes whom to hand the port to.');
    return { port: given.port('port'), to, force: given.isSet('force') };
  },
  async run({ port, to, force }, { client, place }) {
    const { host } = place;
    const before = await client.portAllocation({ port, host });
    const result = await client.transferPorts({ ports: [port], to, force, owner: callerAt(place), host });
    const after = isRefusal(result) ? before : (result.allocations[0] ?? null);
    return { ...result, changed: partiesOf(before) !== partiesOf(after) };
  },
  toMarkdown(result, { port }) {
    if (isRefusal(result)) {
      const isOthers = result.__typename === 'NotOwner';
      return renderRefusal(result, [isOthers ? 'the same with --force if its owner agrees' : code('/port-list')]);
    }
    const [allocation] = result.allocations;
    const owner = allocation ? ownerOf(allocation) : 'its new owner';
    const forWhom = allocation?.conversationId ? `, for the conversation ${code(allocation.conversationId)}` : '';
    const belongs = result.changed ? 'now belongs' : 'belongs already';
    return {
      success: true,
      modified: result.changed,
      message: `Port ${port} ${belongs} to ${code(owner)}${forWhom}.`,
    };
  },
});

const partiesOf = (held: PortAllocation | null) =>
  JSON.stringify([held?.worktree?.id, held?.codebase?.id, held?.conversationId]);
