import { type AllocationFilterRef, allocationsQuery } from './allocation-filter.ts';
import type { Builder } from './builder.ts';
import { hostDescription } from './host-argument.ts';
import { listComplexity } from './limits.ts';
import { pageArguments, pageOf } from './list-arguments.ts';
import { queriedPath } from './queried-path.ts';

export type WorktreeRef = ReturnType<typeof addWorktree>;

export function addWorktree(builder: Builder, AllocationFilter: AllocationFilterRef) {
  const Worktree = builder.prismaObject('Worktree', {
    description: 'One checkout of a codebase on one host, known by its real path.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Its own; the same again when it is registered again after a removal.' }),
      path: t.exposeString('path'),
      branch: t.exposeString('branch', { nullable: true }),
      conversationId: t.exposeString('conversationId', { nullable: true }),
      registeredAt: t.expose('registeredAt', { type: 'DateTime' }),
      removedAt: t.expose('removedAt', { type: 'DateTime', nullable: true }),
      missingSince: t.expose('missingSince', { type: 'DateTime', nullable: true }),
      host: t.relation('host', { description: 'The host that it is on.' }),
      codebase: t.relation('codebase', {
        nullable: true,
        description: 'What it is a checkout of; null where it was registered without a codebase.',
      }),
      allocations: t.relation('allocations', {
        description: 'What it holds, by port.',
        args: {
          where: t.arg({ type: AllocationFilter, description: 'Which of them. Left out: the live ones.' }),
          ...pageArguments(builder),
        },
        complexity: listComplexity,
        query: allocationsQuery,
      }),
    }),
  });

  builder.queryFields((t) => ({
    worktree: t.prismaField({
      type: Worktree,
      nullable: true,
      description: 'The worktree at a path, registered or removed; null where none ever was.',
      args: {
        path: t.arg.string({ required: true, description: 'Its absolute path.' }),
        host: t.arg.string({ description: hostDescription }),
      },
      resolve: async (query, _root, args, { prisma, registry }) => {
        const hostName = args.host ?? registry.hostName;
        const path = await queriedPath(args.path, 'path', hostName === registry.hostName);
        return prisma.worktree.findUnique({ ...query, where: { hostName_path: { hostName, path } } });
      },
    }),
    worktrees: t.prismaField({
      type: [Worktree],
      description: 'The registered worktrees, by host and path.',
      args: {
        codebaseId: t.arg.id({ description: 'Only those of this codebase.' }),
        host: t.arg.string({ description: 'Only those on this host.' }),
        includeRemoved: t.arg.boolean({ defaultValue: false, description: 'Removed ones too.' }),
        ...pageArguments(builder),
      },
      complexity: listComplexity,
      resolve: (query, _root, { codebaseId, host, includeRemoved, ...page }, { prisma }) =>
        prisma.worktree.findMany({
          ...query,
          ...pageOf(page),
          where: {
            ...(codebaseId ? { codebaseId } : {}),
            ...(host ? { hostName: host } : {}),
            ...(includeRemoved ? {} : { removedAt: null }),
          },
          orderBy: [{ hostName: 'asc' }, { path: 'asc' }],
        }),
    }),
  }));
  return Worktree;
}
