import { z } from 'zod';
import { type AllocationFilterRef, allocationsQuery } from './allocation-filter.ts';
import type { Builder } from './builder.ts';
import { hostDescription } from './host-argument.ts';
import { findHost } from './host-rows.ts';
import { absolutePath, hostName, identifier, optional } from './input-rules.ts';
import { listComplexity, nestedPage, pageArguments, pageOf, rootPage } from './list-arguments.ts';
import { parseInput } from './parse-input.ts';

const worktreeInput = z.object({ path: absolutePath, host: optional(hostName) });
const worktreesInput = z.object({ codebaseId: optional(identifier), host: optional(hostName) });

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
      // These go by its own keys, since what a dry run tells of is no row.
      host: t.relation('host', {
        description: 'The host that it is on.',
        resolve: (query, { hostName }, _args, { prisma }) => findHost(prisma, { ...query }, hostName),
      }),
      codebase: t.relation('codebase', {
        nullable: true,
        description: 'What it is a checkout of; null where it was registered without a codebase.',
        resolve: (query, { codebaseId }, _args, { prisma }) =>
          codebaseId === null ? null : prisma.codebase.findUnique({ ...query, where: { id: codebaseId } }),
      }),
      allocations: t.relation('allocations', {
        description: 'What it holds, by port.',
        args: {
          where: t.arg({ type: AllocationFilter, description: 'Which of them. Left out: the live ones.' }),
          ...pageArguments(builder, nestedPage),
        },
        complexity: listComplexity(nestedPage),
        query: allocationsQuery,
        resolve: (query, { id }, _args, { loaders }) =>
          loaders.allocationsOfWorktree.load({ of: id, wish: { ...query } }),
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
        const input = parseInput(worktreeInput, args);
        const hostName = input.host ?? registry.hostName;
        const path = await registry.canonicalPath({ path: input.path, hostName, field: ['path'] });
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
        ...pageArguments(builder, rootPage),
      },
      complexity: listComplexity(rootPage),
      resolve: (query, _root, { includeRemoved, first, skip, ...args }, { prisma }) => {
        const { codebaseId, host } = parseInput(worktreesInput, args);
        return prisma.worktree.findMany({
          ...query,
          ...pageOf({ first, skip }, rootPage),
          where: {
            ...(codebaseId === null ? {} : { codebaseId }),
            ...(host === null ? {} : { hostName: host }),
            ...(includeRemoved ? {} : { removedAt: null }),
          },
          orderBy: [{ hostName: 'asc' }, { path: 'asc' }],
        });
      },
    }),
  }));
  return Worktree;
}
