import { z } from 'zod';
import type { Environment } from '../domain/policy.ts';
import { isPort, type Port } from '../domain/port.ts';
import type { JsonObject } from '../domain/registry-model.ts';
import { absolutePath, hostName, identifier, lineOfBytes, optional } from './input-rules.ts';
import { metadata, mostServices, paragraph, publicHostnames } from './inputs.ts';

// What a row of a file may say, by the same rules as the inputs; the messages are told in the report.

/** A port, as a number or in digits. */
export const filePort = z.unknown().transform((value, context): Port => {
  const number = typeof value === 'string' && /^\s*\d{1,5}\s*$/.test(value) ? Number(value) : value;
  if (isPort(number)) return number;
  const isShown = typeof value === 'string' || typeof value === 'number';
  const fact = isShown ? `${JSON.stringify(value).slice(0, 40)} is no port` : 'There is no port';
  context.addIssue({ code: 'custom', message: `${fact}: a port is a whole number from 1 to 65535.` });
  return z.NEVER;
});

const environments: Readonly<Record<string, Environment>> = {
  dev: 'dev',
  development: 'dev',
  test: 'test',
  testing: 'test',
  prod: 'production',
  production: 'production',
};

const environment = z.string().transform((text, context): Environment => {
  const name = text.trim().toLowerCase();
  const found = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (found) return found;
  context.addIssue({ code: 'custom', message: 'It is dev, test or production.' });
  return z.NEVER;
});

const serviceName = z
  .custom<string>((value) => typeof value === 'string', 'There is no service name.')
  .pipe(identifier);

const isJsonObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** PostgreSQL takes neither what is far before the epoch nor years of five digits. */
const moment = z.iso
  .datetime({ offset: true, error: 'It is a time such as 2026-01-31T12:00:00Z.' })
  .transform((text) => new Date(text))
  .refine((date) => date.getTime() >= 0, 'It is not before 1970.');

const id = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'It is a UUID in small letters.');

const claimFields = z.object({
  port: filePort,
  serviceName,
  environment: optional(environment),
  host: optional(hostName),
  worktreePath: optional(absolutePath),
  codebaseId: optional(identifier),
  codebase: optional(identifier),
  conversationId: optional(identifier),
  description: optional(paragraph),
  metadata: optional(z.custom<JsonObject>(isJsonObject, 'It is a JSON object.').pipe(metadata)),
  publicHostnames: publicHostnames.nullish().transform((names) => names ?? []),
});

const keptFields = z.object({
  id: optional(id),
  status: z.enum(['allocated', 'active', 'released'], 'It is allocated, active or released.').default('allocated'),
  allocatedAt: optional(moment),
  releasedAt: optional(moment),
  lastCheckedAt: optional(moment),
  lastActiveAt: optional(moment),
  processId: optional(
    z
      .int()
      .min(1)
      .max(2 ** 31 - 1),
  ),
});

/** A claim; of the own format, with what a registry knew of it, which is told by when it was allocated. */
export const claimRow = claimFields
  .extend(keptFields.shape)
  .refine(({ status, releasedAt }) => (status === 'released') === (releasedAt !== null), {
    message: 'It is there where the status is released, and only there.',
    path: ['releasedAt'],
  })
  .transform(({ id, status, allocatedAt, releasedAt, lastCheckedAt, lastActiveAt, processId, ...claim }) => {
    const kept = { id, status, releasedAt, lastCheckedAt, lastActiveAt, processId };
    return { ...claim, kept: allocatedAt && { ...kept, allocatedAt } };
  });

export const worktreeRow = z.object({
  id: optional(id),
  host: optional(hostName),
  path: absolutePath,
  branch: optional(identifier),
  codebaseId: optional(identifier),
  conversationId: optional(identifier),
  registeredAt: optional(moment),
  removedAt: optional(moment),
});

const servicePorts = z
  .custom<object>(isJsonObject, 'It is a JSON object.')
  .transform(Object.entries)
  .pipe(z.array(z.tuple([identifier, filePort])).max(mostServices, `There are at most ${mostServices}.`))
  .transform((entries): Record<string, Port> => Object.fromEntries(entries));

export const codebaseRow = z.object({
  id: identifier,
  name: identifier,
  repositoryUrl: optional(lineOfBytes(1_024)),
  defaultCwd: optional(absolutePath),
  primaryPort: optional(filePort),
  servicePorts: servicePorts.default({}),
  createdAt: optional(moment),
});
