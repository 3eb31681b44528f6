import type { Listener, PortAllocation, PortRange } from '../client/client.ts';
import type { Rendered } from './command.ts';
import { holderLines } from './describe.ts';
import { bullets, paragraphs, prose } from './markdown.ts';
import { sayRefusal } from './say-refusal.ts';

/** What the refusals of all mutations have. */
export interface AnyRefusal {
  readonly code: string;
  readonly message: string;
  readonly issues?: readonly { readonly path: readonly string[]; readonly message: string }[];
  readonly holder?: PortAllocation | null;
  readonly listener?: Listener | null;
  readonly suggestions?: readonly number[];
  readonly range?: PortRange;
}

/** A refusal for a chat: what is wrong, who holds the port, whether it is up, what is free instead, and what to do next. */
export function renderRefusal(refusal: AnyRefusal, nextSteps: readonly string[]): Rendered {
  const { holder = null, listener = null, suggestions = [], range } = refusal;
  const facts = [
    holderLines(holder, listener),
    suggestions.length > 0 ? `- Free instead: ${suggestions.join(', ')}` : '',
    range ? `- Range: ${range.start}-${range.end}, ${range.used} of ${range.size} held` : '',
  ];
  const isHeld = holder !== null || listener !== null;
  return {
    success: false,
    modified: false,
    message: paragraphs([
      prose(sayRefusal(refusal)),
      facts.filter(Boolean).join('\n'),
      isHeld ? 'This is not a bug in your code: do not stop the process that holds the port.' : null,
      bullets(nextSteps.map((step) => `Next: ${step}`)),
    ]),
  };
}
