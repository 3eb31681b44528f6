import { environments } from '../domain/policy.ts';
import type { RangeUsage } from '../registry/range-usage.ts';
import type { Builder } from './builder.ts';
import type { Enums } from './enums.ts';
import { hostDescription, hostInput } from './host-argument.ts';
import { listOf } from './limits.ts';
import { parseInput } from './parse-input.ts';

export type PortRangeRef = ReturnType<typeof addPortRange>;

export function addPortRange(builder: Builder, { Environment }: Enums) {
  const PortRange = builder.objectRef<RangeUsage>('PortRange').implement({
    description: "An environment's ports on one host, and how many of them are held.",
    fields: (t) => ({
      environment: t.expose('environment', { type: Environment, description: 'Whose range it is.' }),
      start: t.expose('start', { type: 'Port', description: 'The first port.' }),
      end: t.expose('end', { type: 'Port', description: 'The last port, which belongs to the range.' }),
      size: t.exposeInt('size', { description: 'How many ports it has, reserved ones included.' }),
      used: t.exposeInt('used', { description: 'How many of them live allocations hold, of whatever environment.' }),
      available: t.int({
        description: 'How many nobody holds. Some may be reserved, quarantined or listened on all the same.',
        resolve: ({ size, used }) => size - used,
      }),
      utilization: t.float({ description: 'used / size, 0 to 1.', resolve: ({ size, used }) => used / size }),
    }),
  });

  builder.queryField('portRanges', (t) =>
    t.field({
      type: [PortRange],
      description: 'The port ranges of a host and how full they are: development, test, production.',
      args: { host: t.arg.string({ description: hostDescription }) },
      complexity: listOf(environments.length),
      resolve: (_root, args, { loaders, registry }) =>
        loaders.rangeUsage.load(parseInput(hostInput, args).host ?? registry.hostName),
    }),
  );
  return PortRange;
}
