import { InvalidInput } from '../domain/refusals.ts';
import { explainAmbiguous, explainUnknown } from './find-service.ts';
import { oneLine, plainUrl } from './plain-text.ts';
import { inOrder, type Service } from './service.ts';

/**
 * `${port.web}`, `${url."a } name"}`, and `$${port.web}` for what is to be kept. In quotation marks, `\"` and `\\`
 * stand for `"` and `\`. It also finds those without a name or an end, which are mistakes.
 */
const placeholder =
  /(?<kept>\$?)\$\{(?<kind>port|url)\.(?:"(?<quoted>(?:[^"\\\r\n]|\\["\\])*)"|(?<bare>[^"{}\r\n]+))?(?<end>\}?)/g;

/** How many mistakes a refusal tells. */
const mostMistakes = 10;

/**
 * The text with `${port.SERVICE}` and `${url.SERVICE}` replaced by those of the service with exactly that name, which
 * may stand in quotation marks. `$${port.` and `$${url.` lose a `$` and are kept; everything else stays as it is.
 * Refused, with the line of each mistake, where a name is unknown, ambiguous or missing.
 */
export function renderTemplate(template: string, found: readonly Service[]): string {
  const services = inOrder(found);
  const byName = new Map<string, Service[]>();
  for (const service of services)
    byName.set(service.serviceName, [...(byName.get(service.serviceName) ?? []), service]);
  const mistakes = new Map<string, string>();
  const pieces: string[] = [];
  let done = 0;

  for (const match of template.matchAll(placeholder)) {
    const [text] = match;
    pieces.push(template.slice(done, match.index));
    done = match.index + text.length;
    if (match.groups?.kept) {
      pieces.push(text.slice(1));
      continue;
    }
    const name = match.groups?.end ? nameIn(match.groups) : '';
    const [service, another] = byName.get(name) ?? [];
    if (service && !another) {
      pieces.push(match.groups?.kind === 'port' ? String(service.port) : plainUrl(service.url));
    } else if (mistakes.size < mostMistakes && !mistakes.has(text)) {
      mistakes.set(text, `Line ${lineAt(template, match.index)}: ${explain(text, name, services)}`);
    }
  }
  if (mistakes.size > 0) {
    throw new InvalidInput([...mistakes.values()].map((message) => ({ path: ['template'], message })));
  }
  return [...pieces, template.slice(done)].join('');
}

const nameIn = ({ quoted, bare }: Readonly<Record<string, string | undefined>>) =>
  quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '';

const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length;

function explain(text: string, name: string, services: readonly Service[]): string {
  const keep = 'To keep such a text as it is, write $${ instead of ${.';
  if (name === '') {
    const start = JSON.stringify(oneLine(text));
    return `${start} names no service: it is written \${port.web}, or \${port."web"} in quotation marks. ${keep}`;
  }
  const found = services.filter(({ serviceName }) => serviceName === name);
  return found.length > 0 ? explainAmbiguous(found, name) : `${explainUnknown(services, name)} ${keep}`;
}
