import type { Grant } from '../domain/allocate.ts';
import type { Builder } from './builder.ts';
import type { Enums } from './enums.ts';
import { allocatePortInput, allocatePortsInput, registerPortInput } from './inputs.ts';
import { parseInput } from './parse-input.ts';
import type { PortAllocationRef } from './port-allocation.ts';
import { granted, refusals } from './refusals.ts';
import type { ServiceInputs } from './service-inputs.ts';

const { PortUnavailable, RangeExhausted, NotFound, InvalidInput } = refusals;
const hostDescription = "A host's name. Left out: the host that the server observes.";

/** The mutations that claim ports. */
export function addAllocate(
  builder: Builder,
  enums: Enums,
  PortAllocation: PortAllocationRef,
  inputs: ServiceInputs,
): void {
  const AllocatePortSuccess = builder.objectRef<Grant>('AllocatePortSuccess').implement({
    description: 'The port is held.',
    fields: (t) => ({
      allocation: t.field({
        type: PortAllocation,
        description: 'The claim on it.',
        resolve: ({ allocation }) => allocation,
      }),
      created: t.exposeBoolean('created', {
        description: 'False where the same owner already held a port for this service, which is returned again.',
      }),
    }),
  });
  const AllocatePortsSuccess = builder.objectRef<readonly Grant[]>('AllocatePortsSuccess').implement({
    description: 'All the ports are held.',
    fields: (t) => ({
      allocations: t.field({
        type: [PortAllocation],
        description: 'The claims, in the order of the services.',
        resolve: (grants) => grants.map(({ allocation }) => allocation),
      }),
      created: t.booleanList({
        description: 'For each service, false where its owner already held the port.',
        resolve: (grants) => grants.map(({ created }) => created),
      }),
    }),
  });

  const AllocatePortInput = builder.inputType('AllocatePortInput', {
    description: 'A service that wants a port, and for whom.',
    fields: (t) => ({
      serviceName: t.string({ required: true, description: 'What its owner calls it, 1 to 255 characters.' }),
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
      environment: t.field({
        type: enums.Environment,
        required: true,
        defaultValue: 'dev',
        description: 'Whose range.',
      }),
      owner: t.field({
        type: inputs.OwnerInput,
        description: 'On whose behalf. Left out: nobody, and anybody may release it.',
      }),
      host: t.string({ description: hostDescription }),
      force: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Allocate an exact port even though something listens on it. Overrides nothing else.',
      }),
    }),
  });
  const AllocatePortsInput = builder.inputType('AllocatePortsInput', {
    description: 'Services that want a port each, and for whom.',
    fields: (t) => ({
      services: t.field({
        type: [inputs.ServiceRequest],
        required: true,
        description: 'The services, 1 to 100, each once.',
      }),
      environment: t.field({
        type: enums.Environment,
        required: true,
        defaultValue: 'dev',
        description: 'Whose range.',
      }),
      owner: t.field({
        type: inputs.OwnerInput,
        description: 'On whose behalf. Left out: nobody, and anybody may release them.',
      }),
      host: t.string({ description: hostDescription }),
      force: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Allocate exact ports even though something listens on them. Overrides nothing else.',
      }),
    }),
  });
  const RegisterPortInput = builder.inputType('RegisterPortInput', {
    description: 'A known port of a service that exists.',
    fields: (t) => ({
      serviceName: t.string({ required: true, description: 'What its owner calls it, 1 to 255 characters.' }),
      port: t.field({
        type: 'Port',
        required: true,
        description: 'Any port, reserved ones and those in use included.',
      }),
      environment: t.field({
        type: enums.Environment,
        required: true,
        defaultValue: 'production',
        description: 'What it is for.',
      }),
      description: t.string({ description: 'What it does, for people; at most 2000 characters. Left out: as it was.' }),
      metadata: t.field({ type: 'JSONObject', description: 'Whatever is to be kept with it. Left out: as it was.' }),
      publicHostnames: t.stringList({
        description: 'Public hostnames that point at it, at most 20. Left out: as they were.',
      }),
      owner: t.field({
        type: inputs.OwnerInput,
        description: 'On whose behalf. Left out: nobody, and anybody may release it.',
      }),
      host: t.string({ description: hostDescription }),
      force: t.boolean({
        required: true,
        defaultValue: false,
        description: "Register it even though it lies in another environment's range. Overrides nothing else.",
      }),
    }),
  });

  builder.mutationFields((t) => ({
    allocatePort: t.field({
      type: AllocatePortSuccess,
      description:
        'Gives a service a port: the one it holds already, else the preferred or exact one, the one its codebase configures, the one it held before, or a free one. Repeating it is safe.',
      args: { input: t.arg({ type: AllocatePortInput, required: true, description: 'What is wanted.' }) },
      errors: {
        types: [PortUnavailable, RangeExhausted, NotFound, InvalidInput],
        union: { name: 'AllocatePortResult', description: 'The port, or why there is none.' },
      },
      resolve: async (_root, { input }, { registry }) =>
        granted(await registry.allocatePort(parseInput(allocatePortInput, input))),
    }),
    allocatePorts: t.field({
      type: AllocatePortsSuccess,
      description: 'Gives each of several services a port, all of them or none. Repeating it is safe.',
      args: { input: t.arg({ type: AllocatePortsInput, required: true, description: 'What is wanted.' }) },
      errors: {
        types: [PortUnavailable, RangeExhausted, NotFound, InvalidInput],
        union: { name: 'AllocatePortsResult', description: 'The ports, or why there are none.' },
      },
      resolve: async (_root, { input }, { registry }) =>
        granted(await registry.allocatePorts(parseInput(allocatePortsInput, input))),
    }),
    registerPort: t.field({
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
  }));
}
