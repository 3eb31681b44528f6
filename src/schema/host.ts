import { z } from 'zod';
import { environments } from '../domain/policy.ts';
import type { Builder } from './builder.ts';
import { hostName, optional } from './input-rules.ts';
import { listOf } from './limits.ts';
import { listComplexity, nestedPage, pageArguments, pageOf, rootPage } from './list-arguments.ts';
import { parseInput } from './parse-input.ts';
import type { PortRangeRef } from './port-range.ts';

const hostNameInput = z.object({ name: optional(hostName) });

export type HostRef = ReturnType<typeof addHost>;

export function addHost(builder: Builder, PortRange: PortRangeRef) {
  const Host = builder.prismaObject('Host', {
    description: 'A machine (or network namespace) in which a port number can be held once.',
    fields: (t) => ({
      name: t.exposeString('name'),
      lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime', nullable: true }),
      scannedAt: t.expose('scannedAt', { type: 'DateTime', nullable: true }),
      ranges: t.field({
        type: [PortRange],
        description: 'The port ranges, as this server configures them, and how full they are on this host.',
        complexity: listOf(environments.length),
        resolve: (host, _args, { loaders }) => loaders.rangeUsage.load(host.name),
      }),
      worktrees: t.relation('worktrees', {
        description: 'Its registered worktrees, by path.',
        args: pageArguments(builder, nestedPage),
        complexity: listComplexity(nestedPage),
        query: (args) => ({ where: { removedAt: null }, orderBy: { path: 'asc' }, ...pageOf(args, nestedPage) }),
        // By its name, since a port can be checked on a host that has no row yet.
        resolve: (query, { name }, _args, { prisma }) =>
          prisma.worktree.findMany({ ...query, where: { ...query.where, hostName: name } }),
      }),
    }),
  });

  builder.queryFields((t) => ({
    hosts: t.prismaField({
      type: [Host],
      description:
        'The hosts that are known, by name: those with an observer and those that something was registered on.',
      args: pageArguments(builder, rootPage),
      complexity: listComplexity(rootPage),
      resolve: (query, _root, args, { prisma }) =>
        prisma.host.findMany({ ...query, ...pageOf(args, rootPage), orderBy: { name: 'asc' } }),
    }),
    host: t.prismaField({
      type: Host,
      nullable: true,
      description: 'A host by name, or the one that this server observes; null where nobody knows the name.',
      args: { name: t.arg.string({ description: "The host's name. Left out: the host that this server observes." }) },
      resolve: (query, _root, args, { prisma, registry }) => {
        const { name } = parseInput(hostNameInput, args);
        return prisma.host.findUnique({ ...query, where: { name: name ?? registry.hostName } });
      },
    }),
  }));
  return Host;
}
