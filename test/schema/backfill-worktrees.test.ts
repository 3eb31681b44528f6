import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Engine, embedded, engines } from '../support/databases.ts';
import { createRepository } from '../support/git-repository.ts';
import { granted, openRegistry, repository, stoppedClock } from '../support/registry.ts';
import { startServer } from '../support/server.ts';

const report = `
  dryRun
  items {
    created explanation
    worktree {
      path branch conversationId registeredAt removedAt missingSince conflicts { id }
      host { name scannedAt } codebase { id name }
    }
    allocations {
      port serviceName description environment status liveness conversationId metadata publicHostnames allocatedAt
      releasedAt lastCheckedAt lastActiveAt processId url conflicts { id }
      host { name ranges { environment size } } codebase { name } worktree { path host { name } codebase { name } }
    }
  }
  skipped { path explanation }`;

const mutation = `mutation ($codebaseId: ID!, $dryRun: Boolean!, $conversations: [WorktreeConversationInput!]) {
  backfillWorktrees(codebaseId: $codebaseId, dryRun: $dryRun, conversations: $conversations) {
    __typename
    ... on BackfillReport { ${report} }
    ... on Error { code message }
    ... on InvalidInput { issues { path } }
    ... on RangeExhausted { range { environment } }
  }
}`;

interface Item {
  readonly explanation: string;
  readonly worktree: Readonly<Record<string, unknown>>;
  readonly allocations: readonly Readonly<Record<string, unknown>>[];
}

interface Report {
  readonly __typename: string;
  readonly items: readonly Item[];
  readonly skipped: readonly { readonly path: string; readonly explanation: string }[];
}

/** A server that knows the codebase of a real repository with two more worktrees, one of which is gone. */
async function openHarbour(engine: Engine) {
  const database = await engine.open();
  const registry = openRegistry(database, { clock: stoppedClock().now });
  const server = await startServer({ database, registry });
  const git = await createRepository();
  const [cart, gone] = [await git.add('cart', { branch: 'feature/cart' }), await git.add('gone')];
  await rm(gone, { recursive: true });
  await writeFile(join(cart, '.env'), 'PORT=8005\nTOKEN=hunter2\n');
  granted(await registry.registerCodebase(repository('shop', { id: 'shop', defaultCwd: git.path })));
  const backfill = async (variables: Readonly<Record<string, unknown>>) => {
    const { data, errors } = await server.post<{ backfillWorktrees: Report }>(mutation, {
      codebaseId: 'shop',
      ...variables,
    });
    expect(errors).toBeUndefined();
    return data.backfillWorktrees;
  };
  return { server, git, cart, gone, backfill };
}

describe.each(engines)('backfillWorktrees on $name', (engine) => {
  it('answers a dry run with what the real one answers, field by field', async () => {
    const { server, git, cart, gone, backfill } = await openHarbour(engine);
    const conversations = [{ path: `${cart}/`, conversationId: 'issue 1' }];
    const dry = await backfill({ dryRun: true, conversations });
    const { data } = await server.post('{ worktrees { id } portAllocations { totalCount } hosts { name } }');
    expect(data).toEqual({ worktrees: [], portAllocations: { totalCount: 0 }, hosts: [] });

    const real = await backfill({ dryRun: false, conversations });
    expect(real).toEqual({ ...dry, dryRun: false });
    expect(real).toMatchObject({ __typename: 'BackfillReport', skipped: [{ path: gone }] });
    expect(real.items).toMatchObject([
      {
        created: true,
        worktree: { path: git.path, branch: 'main', host: { name: 'quay' }, codebase: { id: 'shop' } },
        allocations: [{ port: 8000, serviceName: 'shop-main', worktree: { path: git.path, host: { name: 'quay' } } }],
      },
      {
        worktree: { path: cart, branch: 'feature/cart', conversationId: 'issue 1' },
        allocations: [{ port: 8005, conversationId: 'issue 1', codebase: { name: 'shop' }, liveness: 'UNKNOWN' }],
      },
    ]);

    const again = await backfill({ dryRun: false });
    expect(again.items.map(({ allocations }) => allocations)).toEqual(real.items.map((item) => item.allocations));
    expect(again.items).toMatchObject([{ created: false }, { created: false }]);
    expect(JSON.stringify([dry, real, again, server.entries()])).not.toMatch(/hunter2|TOKEN/);
    expect(server.entries('warn')).toEqual([]);
  });
});

describe('backfillWorktrees', () => {
  it.each<[string, Readonly<Record<string, unknown>>, object]>([
    ['an unknown codebase', { codebaseId: 'bank' }, { __typename: 'NotFound', code: 'NOT_FOUND' }],
    ['no codebase', { codebaseId: '' }, { issues: [{ path: ['codebaseId'] }] }],
    [
      'a relative path and an empty conversation',
      { conversations: [{ path: 'cart', conversationId: '' }] },
      { issues: [{ path: ['conversations', '0', 'path'] }, { path: ['conversations', '0', 'conversationId'] }] },
    ],
    [
      'two conversations of a worktree',
      { conversations: ['issue 1', 'issue 2'].map((conversationId) => ({ path: '/src/cart', conversationId })) },
      { issues: [{ path: ['conversations'] }] },
    ],
  ])('is refused for %s', async (_what, variables, refusal) => {
    const { backfill } = await openHarbour(embedded);
    expect(await backfill({ dryRun: true, ...variables })).toMatchObject(refusal);
  });

  it('is refused where git sees no repository, and says what to do', async () => {
    const { git, backfill, server } = await openHarbour(embedded);
    await rm(join(git.path, '.git'), { recursive: true });
    expect(await backfill({ dryRun: false })).toMatchObject({
      __typename: 'InvalidInput',
      message: `codebaseId: There is no git repository at ${git.path}: name the directory of a checkout.`,
    });
    expect(server.entries('warn')).toEqual([]);
  });
});
