import type { AllocatePortSuccessRef } from './allocate-port.ts';
import type { Builder } from './builder.ts';
import type { GraphTypes } from './graph-types.ts';
import { registerPortInput } from './inputs.ts';
import { parseInput } from './parse-input.ts';
import { granted, refusals } from './refusals.ts';
import { claimFields, serviceNameField } from './service-inputs.ts';

const { PortUnavailable, NotFound, InvalidInput } = refusals;

export function addRegisterPort(
  builder: Builder,
  types: GraphTypes,
  AllocatePortSuccess: AllocatePortSuccessRef,
): void {
  const force = "Register it even though it lies in another environment's range. Overrides nothing else.";
  const RegisterPortInput = builder.inputType('RegisterPortInput', {
    description: 'A known port of a service that exists.',
    fields: (t) => ({
      ...claimFields(t, types, { claimed: 'it', force }),
      serviceName: serviceNameField(t),
      port: t.field({
        type: 'Port',
        required: true,
        description: 'Any port, reserved ones and those in use included.',
      }),
      environment: t.field({
        type: types.enums.Environment,
        required: true,
        defaultValue: 'production',
        description: 'What it is for.',
      }),
      description: t.string({ description: 'What it does, for people; at most 2000 characters. Left out: as it was.' }),
      metadata: t.field({ type: 'JSONObject', description: 'Whatever is to be kept with it. Left out: as it was.' }),
      publicHostnames: t.stringList({
        description: 'Public hostnames that point at it, at most 20. Left out: as they were.',
      }),
    }),
  });

  builder.mutationField('registerPort', (t) =>
    t.field({
      type: AllocatePortSuccess,
      description:
        'Claims a known port for a service that exists, production above all. Registering it again brings its description, metadata and hostnames up to date.',
      args: { input: t.arg({ type: RegisterPortInput, required: true, description: 'What is claimed.' }) },
      errors: {
        types: [PortUnavailable, NotFound, InvalidInput],
        union: { name: 'RegisterPortResult', description: 'The claim, or why there is none.' },
      },
      resolve: async (_root, { input }, { registry }) =>
        granted(await registry.registerPort(parseInput(registerPortInput, input))),
    }),
  );
}
