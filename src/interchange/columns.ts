/** By what headings the columns of a table are known, best first, written in small letters and without white space. */
const headings = {
  port: ['port', 'ports', 'portnumber', 'hostport', 'externalport', 'publishedport'],
  serviceName: ['service', 'services', 'servicename', 'name', 'app', 'application'],
  environment: ['environment', 'env', 'stage'],
  host: ['host', 'machine'],
  worktreePath: ['worktree', 'worktreepath'],
  codebase: ['codebase', 'codebaseid'],
  conversationId: ['conversation', 'conversationid'],
  description: ['description', 'purpose', 'notes', 'note', 'comment'],
  publicHostnames: ['publichostnames', 'hostnames', 'domains', 'domain'],
  metadata: ['metadata'],
} as const;
export type ColumnField = keyof typeof headings;

/** What a refusal says of the two columns that must be there. */
export const knownHeadings = `for ports ${headings.port.join(', ')}; for services ${headings.serviceName.join(', ')}; in any case, with spaces or without`;

/** The place of each column that a table has, by the field that it tells; undefined without a port or a service. */
export function findColumns(header: readonly string[]): Map<ColumnField, number> | undefined {
  const normal = header.map((heading) => heading.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
  const columns = new Map<ColumnField, number>();
  for (const [field, names] of Object.entries(headings) as [ColumnField, readonly string[]][]) {
    const [place] = names.map((name) => normal.indexOf(name)).filter((index) => index >= 0);
    if (place !== undefined) columns.set(field, place);
  }
  return columns.has('port') && columns.has('serviceName') ? columns : undefined;
}

/** A row's cells as fields. An empty cell says nothing. */
export function fieldsOf(cells: readonly string[], columns: ReadonlyMap<ColumnField, number>) {
  const fields: Partial<Record<ColumnField, unknown>> = {};
  for (const [field, place] of columns) {
    const cell = cells[place] ?? '';
    if (cell.trim() !== '') fields[field] = read(field, cell);
  }
  return fields;
}

function read(field: ColumnField, cell: string): unknown {
  if (field === 'publicHostnames') return cell.split(/[\s,]+/).filter(Boolean);
  if (field === 'metadata') return parseMetadata(cell);
  return field === 'description' ? cell : cell.trim();
}

/** What is no JSON stays text, which is no metadata. */
function parseMetadata(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}
