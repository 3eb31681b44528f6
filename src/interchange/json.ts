import { type InvalidInput, isRefusal } from '../domain/refusals.ts';
import { isObject, type JsonFile, parseJsonFile, toFileRows } from './json-file.ts';
import type { ExportedAllocation, ExportedWorktree, RegistryContents } from './registry-contents.ts';
import { type FileRow, malformed, type RegistryFile } from './registry-file.ts';

const format = 'wharfinger';
/** Raised when a file of the new kind would be misunderstood by what reads the old one. */
const version = 1;

const expected = `a JSON export of Wharfinger, {"format": "${format}", "version": ${version}, …}`;

/** Reads the own format, which is complete. Hosts come with what is on them. */
export function parseJson(text: string): RegistryFile | InvalidInput {
  const file = parseJsonFile(text, expected);
  if (isRefusal(file)) return file;
  const { values } = file;
  if (values.format !== format) return malformed(`It is not ${expected}: ${guess(values)}`);
  if (values.version !== version) {
    return malformed(`It is of version ${JSON.stringify(values.version)}, and this server reads ${version}.`);
  }
  const codebases = listOf(file, 'codebases');
  const worktrees = listOf(file, 'worktrees');
  const claims = listOf(file, 'allocations');
  if (isRefusal(codebases)) return codebases;
  if (isRefusal(worktrees)) return worktrees;
  return isRefusal(claims) ? claims : { codebases, worktrees, claims };
}

/** A list that is left out is an empty one, so that a part of a registry can be written by hand. */
function listOf(file: JsonFile, name: string): FileRow[] | InvalidInput {
  if (file.values[name] === undefined) return [];
  if (!Array.isArray(file.values[name])) return malformed(`It is not ${expected}: "${name}" is no array.`);
  return toFileRows(file.rows(name) ?? [], (fields) => fields);
}

/** Which of the formats it seems to be. */
export function guess(values: Readonly<Record<string, unknown>>): string {
  if (values.format === format) return 'it looks like an export of Wharfinger, JSON.';
  if (Array.isArray(values.ports)) return 'it looks like a file of Port Keeper, PORT_KEEPER.';
  if (Array.isArray(values.allocations)) return 'it looks like a file of devports, DEVPORTS.';
  if (isObject(values.allocations)) return "it looks like SCAR's port-allocations.json, SCAR_SUPERVISION.";
  return 'it is none of the other formats either.';
}

/** One row a line, so that two exports can be compared. What is null is left out. */
export function writeJson({ exportedAt, hosts, codebases, worktrees, allocations }: RegistryContents): string {
  const lists = { hosts, codebases, worktrees: worktrees.map(toWorktree), allocations: allocations.map(toClaim) };
  const head = [`"format": "${format}"`, `"version": ${version}`, `"exportedAt": ${JSON.stringify(exportedAt)}`];
  const bodies = Object.entries(lists).map(([name, rows]) => `"${name}": ${writeRows(rows)}`);
  return `{\n  ${[...head, ...bodies].join(',\n  ')}\n}\n`;
}

const toWorktree = ({ id, hostName, ...rest }: ExportedWorktree) => ({ id, host: hostName, ...rest });

/** Without what only looking finds out, and what follows from the rest. */
const toClaim = (allocation: ExportedAllocation) => ({
  id: allocation.id,
  host: allocation.hostName,
  port: allocation.port,
  serviceName: allocation.serviceName,
  environment: allocation.environment,
  status: allocation.status,
  worktreePath: allocation.worktreePath,
  codebaseId: allocation.codebaseId,
  conversationId: allocation.conversationId,
  description: allocation.description,
  metadata: allocation.metadata,
  publicHostnames: allocation.publicHostnames.length > 0 ? allocation.publicHostnames : null,
  allocatedAt: allocation.allocatedAt,
  releasedAt: allocation.releasedAt,
  lastCheckedAt: allocation.lastCheckedAt,
  lastActiveAt: allocation.lastActiveAt,
  processId: allocation.processId,
});

function writeRows(rows: readonly object[]): string {
  if (rows.length === 0) return '[]';
  return `[\n    ${rows.map((row) => JSON.stringify(withoutNulls(row))).join(',\n    ')}\n  ]`;
}

const withoutNulls = (row: object) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));

/** Rows of the own format, each as its JSON. */
export interface RowTexts {
  readonly codebases: readonly string[];
  readonly worktrees: readonly string[];
  readonly allocations: readonly string[];
}

/** A file of the own format, without hosts, in which each row has a line to itself, the first of them line 1. */
export function writeRowTexts(lists: RowTexts): string {
  const listOf = (name: keyof RowTexts) => `"${name}":[${lists[name].map((text) => `${text}\n`).join()}]`;
  const head = `"format":"${format}","version":${version}`;
  return `{${[head, listOf('codebases'), listOf('worktrees'), listOf('allocations')].join()}}`;
}
