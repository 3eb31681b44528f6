import type { ReleasePortResult } from '../client/client.ts';
import { isRefusal } from '../client/refusal.ts';
import { defineCommand } from './command.ts';
import { ownerOf, warningLines } from './describe.ts';
import { code, paragraphs } from './markdown.ts';
import { callerAt } from './owner.ts';
import { renderRefusal } from './render-refusal.ts';

export interface ReleaseArguments {
  readonly port: number;
  /** Somebody else's too, or one that public hostnames point at. */
  readonly force: boolean;
}

export const release = defineCommand<ReleaseArguments, ReleasePortResult>({
  name: 'release',
  summary: 'Give a port back, for anybody to take.',
  words: [{ name: 'port', description: 'which one', isRequired: true }],
  flags: [{ name: 'force', description: "release somebody else's, or one that public hostnames point at" }],
  examples: ['8124', '8124 --force'],
  read: (given) => ({ port: given.port('port'), force: given.isSet('force') }),
  run: ({ port, force }, { client, place }) =>
    client.releasePort({ port, force, host: place.host, owner: callerAt(place) }),
  toMarkdown(result, { port }) {
    if (isRefusal(result)) {
      const isOthers = result.__typename === 'NotOwner';
      return renderRefusal(result, [
        isOthers ? `${code(`/port-release ${port} --force`)} if its owner agrees` : code('/port-list'),
      ]);
    }
    const { allocation, warnings } = result;
    const owner = ownerOf(allocation);
    const of = `${code(allocation.serviceName)}${owner === 'nobody' ? '' : ` of ${code(owner)}`}`;
    return {
      success: true,
      modified: true,
      message: paragraphs([`Port ${port} is released. It was ${of}.`, warningLines(warnings)]),
    };
  },
});
