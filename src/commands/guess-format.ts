import type { RegistryFormat } from '../client/client.ts';

/** What a file's text most likely is: by the members of a JSON object, by a table's bars or delimiter row, or else CSV. */
export function guessFormat(content: string): RegistryFormat {
  const text = content.replace(/^\uFEFF/, '').trim();
  if (!/^[{[]/.test(text)) return text.split('\n').some(isOfTable) ? 'MARKDOWN' : 'CSV';
  const { format, allocations, ports } = members(text);
  if (format === 'wharfinger') return 'JSON';
  if (Array.isArray(ports)) return 'PORT_KEEPER';
  if (Array.isArray(allocations)) return 'DEVPORTS';
  return typeof allocations === 'object' ? 'SCAR_SUPERVISION' : 'JSON';
}

/** `| 8000 | web |`, or `--- | ---` of a table without bars around it. */
function isOfTable(line: string): boolean {
  const row = line.trim();
  return row.startsWith('|') || (/^[-:|\s]+$/.test(row) && row.includes('|') && row.includes('-'));
}

function members(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>; // whatever is in it
  } catch {
    return {};
  }
}
