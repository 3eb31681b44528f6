import type { Builder, InputFields } from './builder.ts';
import type { Enums } from './enums.ts';
import { hostField } from './host-argument.ts';

export type ServiceInputs = ReturnType<typeof addServiceInputs>;

/** The inputs that several mutations take. */
export function addServiceInputs(builder: Builder) {
  const OwnerInput = builder.inputType('OwnerInput', {
    description:
      'On whose behalf a call is made. The owner is the worktree where one is given, else the codebase, else the conversation, else nobody. A worktree path that is not registered yet is registered by the call.',
    fields: (t) => ({
      codebaseId: t.id({ description: "A registered codebase's id." }),
      worktreePath: t.string({ description: "The worktree's absolute path, at most 1024 bytes." }),
      branch: t.string({
        description: 'The branch that is checked out in the worktree, recorded when it is given a port.',
      }),
      conversationId: t.string({ description: "The conversation, in the caller's own terms; at most 255 characters." }),
    }),
  });
  const ServiceRequest = builder.inputType('ServiceRequest', {
    description: 'A service that wants a port.',
    fields: serviceFields,
  });
  return { OwnerInput, ServiceRequest };
}

export const serviceNameField = (t: InputFields) =>
  t.string({ required: true, description: 'What its owner calls it, 1 to 255 characters.' });

/** What a service that wants a port says of itself. */
export const serviceFields = (t: InputFields) => ({
  serviceName: serviceNameField(t),
  description: t.string({ description: 'What it does, for people; at most 2000 characters.' }),
  preferredPort: t.field({ type: 'Port', description: 'Taken if it is free, otherwise the next free port is.' }),
  exactPort: t.field({
    type: 'Port',
    description: 'Taken if it is free, otherwise the call is refused. Not together with preferredPort.',
  }),
  metadata: t.field({
    type: 'JSONObject',
    description: 'Whatever is to be kept with it; at most 16384 characters as JSON.',
  }),
  publicHostnames: t.stringList({
    description: 'Public hostnames that point at the port, at most 20; releasing it then needs force.',
  }),
});

/** What a claim on one port or on several says besides: for whom it is, and where. */
export const claimFields = (
  t: InputFields,
  { enums, OwnerInput }: { readonly enums: Enums; readonly OwnerInput: ServiceInputs['OwnerInput'] },
  what: { readonly claimed: 'it' | 'them'; readonly force: string },
) => ({
  environment: environmentField(t, enums),
  owner: t.field({
    type: OwnerInput,
    description: `On whose behalf. Left out: nobody, and anybody may release ${what.claimed}.`,
  }),
  host: hostField(t),
  force: forceField(t, what.force),
});

/** Whose range ports are taken from. */
export const environmentField = (t: InputFields, { Environment }: Enums) =>
  t.field({ type: Environment, required: true, defaultValue: 'dev', description: 'Whose range.' });

export const forceField = (t: InputFields, description: string) =>
  t.boolean({ required: true, defaultValue: false, description });
