import { type InvalidInput, isRefusal } from '../domain/refusals.ts';
import { guess } from './json.ts';
import { parseJsonFile, toFileRows } from './json-file.ts';
import { type ExportedAllocation, liveOnes, type RegistryContents } from './registry-contents.ts';
import { claimsOnly, type FileRow, malformed, type RegistryFile } from './registry-file.ts';
import { readTags, tagsOf } from './tags.ts';

const expected =
  'an export of Port Keeper, {"version": "1.0.0", "ports": [{"number": 5001, "projectName": "shop", …}]}';

/** Reads what `portman export` writes (https://github.com/ahmadzein/portkeeper). A project's name is its service's. */
export function parsePortKeeper(text: string): RegistryFile | InvalidInput {
  const file = parseJsonFile(text, expected);
  if (isRefusal(file)) return file;
  const isOther = file.values.format !== undefined || !Array.isArray(file.values.ports);
  if (isOther) return malformed(`It is not ${expected}: ${guess(file.values)}`);
  return claimsOnly(toFileRows(file.rows('ports') ?? [], fieldsOf));
}

function fieldsOf({ number, projectName, description, tags }: Readonly<Record<string, unknown>>): FileRow['fields'] {
  const { fields, others } = readTags(Array.isArray(tags) ? tags : []);
  const { serviceName = projectName, codebase } = fields;
  // Kept beside it, so that it can be written again.
  const project = codebase === undefined && projectName !== serviceName ? { project: projectName } : {};
  const metadata = { ...project, ...(others.length > 0 ? { tags: others } : {}) };
  const kept = Object.keys(metadata).length > 0 ? { metadata } : {};
  return { port: number, serviceName, description, ...kept, ...fields };
}

/** Of one host. Its `import` wants a project's name, and passes over what it does not know. */
export function writePortKeeper(contents: RegistryContents): string {
  const ports = liveOnes(contents).map(toPort);
  return `${JSON.stringify({ version: '1.0.0', exportDate: contents.exportedAt, ports }, null, 2)}\n`;
}

function toPort(allocation: ExportedAllocation) {
  const { port, serviceName, description, allocatedAt, metadata, codebaseName } = allocation;
  const project = metadata?.project ?? codebaseName;
  const others = Array.isArray(metadata?.tags) ? metadata.tags.filter((tag) => typeof tag === 'string') : [];
  return {
    number: port,
    projectName: typeof project === 'string' && project !== '' ? project : serviceName,
    description,
    tags: [...new Set([...tagsOf(allocation), ...others])],
    reservedAt: allocatedAt,
  };
}
