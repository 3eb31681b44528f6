import { z } from 'zod';
import type { Environment } from '../domain/policy.ts';
import type { Port } from '../domain/port.ts';
import type { Json, JsonObject } from '../domain/registry-model.ts';
import { isAbsolutePath } from '../registry/owner-paths.ts';

/** PostgreSQL stores neither NUL nor half a surrogate pair, and nobody can read the other control characters. */
const isPrintable = (text: string) => text.isWellFormed() && !/\p{Cc}/u.test(text);
const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0');

const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'It is empty.')
    .max(most, `It has at most ${most} characters.`)
    .refine(isPrintable, 'It has no control characters.');

const paragraph = z
  .string()
  .max(2_000, 'It has at most 2000 characters.')
  .refine(isStorable, 'It has no NUL characters and no broken Unicode.');

/** An index entry takes 1,024 bytes of path beside the rest. */
const absolutePath = z
  .string()
  .refine((path) => Buffer.byteLength(path) <= 1_024, 'It has at most 1024 bytes.')
  .refine(isPrintable, 'It has no control characters.')
  .refine(isAbsolutePath, 'It is an absolute path: resolve it before you send it.');

const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value): z.output<Schema> | null => value ?? null);

const hostName = line(253).refine((name) => !/\s/.test(name), 'It has no white space.');
const identifier = line(255);
const port = z.custom<Port>(); // by its scalar
const environment = z.custom<Environment>(); // by its enum
const force = z.boolean();

const longestMetadata = 16_384;
const deepestMetadata = 20;
const metadata = z
  .custom<JsonObject>()
  .refine(
    isStorableJson,
    `It nests at most ${deepestMetadata} deep, has at most ${longestMetadata} characters as JSON, and no NUL characters or broken Unicode.`,
  );

function isStorableJson(value: Json): boolean {
  if (!isShallow(value, deepestMetadata)) return false;
  const text = JSON.stringify(value);
  // In JSON, a NUL and half a surrogate pair are written as escapes.
  return text.length <= longestMetadata && !/(^|[^\\])(\\\\)*\\u(0000|d[89a-f])/i.test(text);
}

function isShallow(value: Json, most: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return most > 0 && Object.values(value).every((each: Json) => isShallow(each, most - 1));
}

/** https://www.rfc-editor.org/rfc/rfc1123 section 2.1, with an optional port. */
const publicHostname = line(255).refine(
  (name) => /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/.test(name),
  'It is a hostname such as app.example.com.',
);
const publicHostnames = z.array(publicHostname).max(20, 'There are at most 20.');

const owner = z
  .object({
    worktreePath: optional(absolutePath),
    codebaseId: optional(identifier),
    conversationId: optional(identifier),
  })
  .nullish()
  .transform((given) => given ?? { worktreePath: null, codebaseId: null, conversationId: null });

const serviceFields = {
  serviceName: line(255),
  description: optional(paragraph),
  preferredPort: optional(port),
  exactPort: optional(port),
  metadata: optional(metadata),
  publicHostnames: publicHostnames.nullish().transform((names) => names ?? []),
};

const notBoth = <Service extends { preferredPort: Port | null; exactPort: Port | null }>(service: Service) =>
  service.preferredPort === null || service.exactPort === null;
const notBothIssue = { message: 'Give preferredPort or exactPort, not both.', path: ['exactPort'] };

const service = z.object(serviceFields).refine(notBoth, notBothIssue);

const mostServices = 100;
const services = z
  .array(service)
  .min(1, 'Name at least one service.')
  .max(mostServices, `There are at most ${mostServices}.`)
  .refine(hasDistinctNames, 'Each service is named once.');

function hasDistinctNames(given: readonly { serviceName: string }[]): boolean {
  return new Set(given.map(({ serviceName }) => serviceName)).size === given.length;
}

export const serviceNameInput = z.object({ serviceName: line(255) });

export const allocatePortInput = z
  .object({ ...serviceFields, environment, owner, host: optional(hostName), force })
  .refine(notBoth, notBothIssue)
  .transform(({ environment, owner, host, force, ...service }) => ({ service, environment, owner, host, force }));

export const allocatePortsInput = z.object({ services, environment, owner, host: optional(hostName), force });

export const releasePortInput = z.object({ port, owner, host: optional(hostName), force });

export const registerPortInput = z.object({
  serviceName: line(255),
  port,
  environment,
  description: optional(paragraph),
  metadata: optional(metadata),
  publicHostnames: optional(publicHostnames),
  owner,
  host: optional(hostName),
  force,
});

const servicePorts = z
  .array(z.object({ service: line(255), port }))
  .max(mostServices, `There are at most ${mostServices}.`)
  .refine((given) => new Set(given.map(({ service }) => service)).size === given.length, 'Each service is named once.')
  .transform((given) => Object.fromEntries(given.map(({ service, port }) => [service, port])));

export const registerCodebaseInput = z
  .object({
    id: identifier.nullish().transform((id) => id ?? undefined),
    name: line(255),
    repositoryUrl: line(1_024).nullish(),
    defaultCwd: absolutePath.nullish(),
    portConfig: z.object({ primaryPort: optional(port), servicePorts }).nullish(),
  })
  .transform(({ portConfig, ...rest }) => ({ ...rest, ports: portConfig }));

export const registerWorktreeInput = z.object({
  path: absolutePath,
  branch: optional(line(255)),
  codebaseId: optional(identifier),
  conversationId: optional(identifier),
  host: optional(hostName),
  environment,
  services: optional(services),
});

export const removeWorktreeInput = z.object({ path: absolutePath, host: optional(hostName) });

export const transferPortsInput = z
  .object({
    host: optional(hostName),
    ports: z.array(port).min(1, 'Name at least one port.').max(1_000, 'There are at most 1000.'),
    owner,
    to: owner,
    force,
  })
  .refine(({ ports }) => new Set(ports).size === ports.length, { message: 'Each port is named once.', path: ['ports'] })
  .refine(({ to }) => Object.values(to).some((value) => value !== null), {
    message: 'Name who gets them: a worktree, a codebase or a conversation.',
    path: ['to'],
  });
