import { expect } from 'vitest';
import { asPort } from '../../src/domain/port.ts';
import { isRefusal } from '../../src/domain/refusals.ts';
import { formats, parseRegistryFile } from '../../src/interchange/formats.ts';
import type { ExportedAllocation, RegistryContents } from '../../src/interchange/registry-contents.ts';
import type { RegistryFile, RegistryFormat } from '../../src/interchange/registry-file.ts';

const noon = new Date('2026-03-01T12:00:00.000Z');

/** A live allocation of nobody: `exported(8000, { serviceName: 'api' })`. */
export const exported = (port: number, facts: Partial<Omit<ExportedAllocation, 'port'>> = {}): ExportedAllocation => ({
  id: `00000000-0000-4000-8000-${String(port).padStart(12, '0')}`,
  hostName: 'quay',
  port: asPort(port),
  serviceName: 'web',
  description: null,
  environment: 'dev',
  status: 'allocated',
  owner: 'nobody',
  codebaseId: null,
  worktreeId: null,
  conversationId: null,
  metadata: null,
  publicHostnames: [],
  allocatedAt: noon,
  releasedAt: null,
  liveness: 'unknown',
  misses: 0,
  lastCheckedAt: null,
  lastActiveAt: null,
  idleSince: null,
  processId: null,
  worktreePath: null,
  codebaseName: null,
  ...facts,
});

/** What is exported where nothing but these allocations is there. */
const contents = (...allocations: readonly ExportedAllocation[]): RegistryContents => ({
  exportedAt: noon,
  hosts: [{ name: 'quay', lastSeenAt: null }],
  codebases: [],
  worktrees: [],
  allocations,
});

export const write = (format: RegistryFormat, ...allocations: readonly ExportedAllocation[]): string =>
  formats[format].write(contents(...allocations));

/** What a file says; fails where it is refused. */
export function read(format: RegistryFormat, text: string): RegistryFile {
  const file = parseRegistryFile(format, text);
  if (isRefusal(file)) expect.fail(`was refused: ${file.message}`);
  return file;
}

/** Why a file is refused; fails where it is not. */
export function refusal(format: RegistryFormat, text: string): string {
  const file = parseRegistryFile(format, text);
  if (!isRefusal(file)) expect.fail(`was read: ${JSON.stringify(file)}`);
  return file.message;
}

/** The claims of a file: each its line and its fields. */
export const claims = (format: RegistryFormat, text: string) =>
  read(format, text).claims.map(({ line, fields }) => [line, fields]);
