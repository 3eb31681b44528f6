import { type InvalidInput, isRefusal } from '../domain/refusals.ts';
import { guess } from './json.ts';
import { isObject, parseJsonFile } from './json-file.ts';
import { liveOnes, type RegistryContents } from './registry-contents.ts';
import { claimsOnly, malformed, type RegistryFile } from './registry-file.ts';

const expected = `SCAR's port-allocations.json, {"allocations": {"3000": "main-app"}, "last_updated": …}`;

/** Reads `.agents/supervision/port-allocations.json`, which names a service for each port and says no more. */
export function parseScarSupervision(text: string): RegistryFile | InvalidInput {
  const file = parseJsonFile(text, expected);
  if (isRefusal(file)) return file;
  const isOther = file.values.format !== undefined || !isObject(file.values.allocations);
  if (isOther) return malformed(`It is not ${expected}: ${guess(file.values)}`);
  const rows = file.rows('allocations') ?? [];
  return claimsOnly(rows.map(({ line, name, value }) => ({ line, fields: { port: name, serviceName: value } })));
}

/** Of one host. */
export function writeScarSupervision(contents: RegistryContents): string {
  const allocations = Object.fromEntries(liveOnes(contents).map(({ port, serviceName }) => [port, serviceName]));
  return `${JSON.stringify({ allocations, last_updated: contents.exportedAt }, null, 2)}\n`;
}
