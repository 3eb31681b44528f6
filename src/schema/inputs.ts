import { z } from 'zod';
import type { Port } from '../domain/port.ts';
import type { Json, JsonObject } from '../domain/registry-model.ts';
import {
  absolutePath,
  environment,
  hostName,
  identifier,
  line,
  lineOfBytes,
  namedOnce,
  optional,
  port,
} from './input-rules.ts';

const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0');

export const paragraph = z
  .string()
  .max(2_000, 'It has at most 2000 characters.')
  .refine(isStorable, 'It has no NUL characters and no broken Unicode.');

const force = z.boolean();

const longestMetadata = 16_384;
const deepestMetadata = 20;
export const metadata = z
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
export const publicHostnames = z.array(publicHostname).max(20, 'There are at most 20.');

const owner = z
  .object({
    worktreePath: optional(absolutePath),
    codebaseId: optional(identifier),
    conversationId: optional(identifier),
    branch: optional(identifier),
  })
  .nullish()
  .transform((given) => {
    const { branch = null, ...owner } = given ?? { worktreePath: null, codebaseId: null, conversationId: null };
    return { ...owner, worktreeBranch: branch };
  });

const serviceFields = {
  serviceName: identifier,
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

/** How many services a group may have. */
export const mostServices = 100;
const severalOf = <Schema extends z.ZodType>(schema: Schema) =>
  z.array(schema).max(mostServices, `There are at most ${mostServices}.`);
const services = namedOnce(
  severalOf(service).min(1, 'Name at least one service.'),
  'service',
  ({ serviceName }) => serviceName,
);

export const allocatePortInput = z
  .object({ ...serviceFields, environment, owner, host: optional(hostName), force })
  .refine(notBoth, notBothIssue)
  .transform(({ environment, owner, host, force, ...service }) => ({ service, environment, owner, host, force }));

export const allocatePortsInput = z.object({ services, environment, owner, host: optional(hostName), force });

export const releasePortInput = z.object({ port, owner, host: optional(hostName), force });

export const registerPortInput = z.object({
  serviceName: identifier,
  port,
  environment,
  description: optional(paragraph),
  metadata: optional(metadata),
  publicHostnames: optional(publicHostnames),
  owner,
  host: optional(hostName),
  force,
});

const servicePorts = namedOnce(
  severalOf(z.object({ service: identifier, port })),
  'service',
  ({ service }) => service,
).transform((given) => Object.fromEntries(given.map(({ service, port }) => [service, port])));

export const registerCodebaseInput = z
  .object({
    id: identifier.nullish().transform((id) => id ?? undefined),
    name: identifier,
    repositoryUrl: lineOfBytes(1_024).nullish(),
    defaultCwd: absolutePath.nullish(),
    portConfig: z.object({ primaryPort: optional(port), servicePorts }).nullish(),
  })
  .transform(({ portConfig, ...rest }) => ({ ...rest, ports: portConfig }));

export const registerWorktreeInput = z.object({
  path: absolutePath,
  branch: optional(identifier),
  codebaseId: optional(identifier),
  conversationId: optional(identifier),
  host: optional(hostName),
  environment,
  services: optional(services),
});

export const removeWorktreeInput = z.object({ path: absolutePath, host: optional(hostName), owner, force });

/** How many ports one call may hand over. */
export const mostTransferred = 1_000;

export const transferPortsInput = z
  .object({
    host: optional(hostName),
    ports: namedOnce(
      z.array(port).min(1, 'Name at least one port.').max(mostTransferred, `There are at most ${mostTransferred}.`),
      'port',
      (each) => each,
    ),
    owner,
    to: owner,
    force,
  })
  .refine(({ to }) => Object.values(to).some((value) => value !== null), {
    message: 'Name who gets them: a worktree, a codebase or a conversation.',
    path: ['to'],
  });
