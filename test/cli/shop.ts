import { openClient } from '../client/registry-client.ts';
import { createRepository, type GitRepository } from '../support/git-repository.ts';
import type { TestServer } from '../support/server.ts';
import { wharfside } from './wharfinger.ts';

/** Where no registry answers. */
export const unreachable = { WHARFINGER_URL: 'http://127.0.0.1:1/graphql' };

/** What `worktree create --json` prints. */
export interface Created {
  readonly path: string;
  readonly branch: string;
  readonly created: boolean;
  readonly allocations: readonly { readonly port: number; readonly serviceName: string }[];
  readonly written: { readonly path: string; readonly changed: boolean } | null;
  readonly notes: readonly string[];
}

/** A repository, and its main worktree from which commands are given. */
export async function openShop(server: TestServer, options?: Parameters<typeof createRepository>[0]) {
  const repository = await createRepository(options);
  const { wharfinger, json } = await wharfside(server, repository.path);
  return {
    ...repository,
    wharfinger,
    json,
    create: (...args: string[]) => json<Created>('worktree', 'create', ...args),
    branches: () => branchesOf(repository),
    /** Port and service of what a worktree holds. */
    async heldBy(path: string) {
      const { allocations } = await openClient({ url: server.url }).portAllocations({ where: { worktreePath: path } });
      return allocations.map(({ port, serviceName }) => [port, serviceName]);
    },
  };
}

const branchesOf = async ({ git }: GitRepository) =>
  (await git('branch', '--format=%(refname:short)')).split('\n').filter(Boolean);
