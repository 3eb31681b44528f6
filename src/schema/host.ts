import type { Builder } from './builder.ts';
import { listComplexity } from './limits.ts';
import { pageArguments, pageOf } from './list-arguments.ts';
import type { PortRangeRef } from './port-range.ts';

export type HostRef = ReturnType<typeof addHost>;

export function addHost(builder: Builder, PortRange: PortRangeRef) {
  const Host = builder.prismaObject('Host', {
    description: 'A machine (or network namespace) in which a port number can be held once.',
    fields: (t) => ({
      name: t.exposeString('name'),
      lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime', nullable: true }),
      ranges: t.field({
        type: [PortRange],
        description: 'The port ranges, as this server configures them, and how full they are on this host.',
        resolve: (host, _args, { rangeUsage }) => rangeUsage.load(host.name),
      }),
      worktrees: t.relation('worktrees', {
        description: 'Its registered worktrees, by path.',
        args: pageArguments(builder),
        complexity: listComplexity,
        query: (args) => ({ where: { removedAt: null }, orderBy: { path: 'asc' }, ...pageOf(args) }),
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
      args: pageArguments(builder),
      complexity: listComplexity,
      resolve: (query, _root, args, { prisma }) =>
        prisma.host.findMany({ ...query, ...pageOf(args), orderBy: { name: 'asc' } }),
    }),
    host: t.prismaField({
      type: Host,
      nullable: true,
      description: 'A host by name, or the one that this server observes; null where nobody knows the name.',
      args: { name: t.arg.string({ description: "The host's name. Left out: the host that this server observes." }) },
      resolve: (query, _root, { name }, { prisma, registry }) =>
        prisma.host.findUnique({ ...query, where: { name: name ?? registry.hostName } }),
    }),
  }));
  return Host;
}
