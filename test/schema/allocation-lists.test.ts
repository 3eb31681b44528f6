import { beforeAll, describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import {
  allocate,
  checkout,
  codebase,
  conversation,
  granted,
  release,
  repository,
  worktree,
} from '../support/registry.ts';
import { shareServer } from '../support/server.ts';

interface Page {
  readonly portAllocations: {
    readonly totalCount: number;
    readonly edges: readonly {
      readonly cursor: string;
      readonly node: { readonly port: number; readonly serviceName: string };
    }[];
    readonly pageInfo: {
      readonly hasNextPage: boolean;
      readonly hasPreviousPage: boolean;
      readonly startCursor: string | null;
      readonly endCursor: string | null;
    };
  };
}

const query = `query ($where: AllocationFilter, $orderBy: AllocationOrder, $first: Int, $last: Int, $after: String, $before: String) {
  portAllocations(where: $where, orderBy: $orderBy, first: $first, last: $last, after: $after, before: $before) {
    totalCount
    edges { cursor node { port serviceName } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

describe('the list of allocations', () => {
  const server = shareServer(embedded);

  beforeAll(async () => {
    const { registry } = server();
    granted(await registry.registerCodebase(repository('shop', { id: 'shop' })));
    granted(await registry.registerWorktree(checkout('/wt/gone', { codebaseId: 'shop', conversationId: 'c1' }))); // 8000
    await allocate(registry, 'e', { owner: worktree('/wt/here') }); // 8001
    await allocate(registry, 'd', { owner: codebase('shop') }); // 8002
    await allocate(registry, 'c', { owner: conversation('c2') }); // 8003
    await allocate(registry, 'b', { environment: 'test' }); // 7000
    await allocate(registry, 'a', { environment: 'production', host: 'pier' }); // 9000
    const released = await allocate(registry, 'z'); // 8004
    granted(await registry.releasePort(release(released.port)));
    const { prisma } = server().database;
    await prisma.worktree.updateMany({ where: { path: '/wt/gone' }, data: { missingSince: new Date() } });
  });

  const list = async (variables: Record<string, unknown> = {}) => {
    const { data, errors } = await server().post<Page>(query, variables);
    expect(errors).toBeUndefined();
    const { edges, ...rest } = data.portAllocations;
    return { ...rest, cursors: edges.map(({ cursor }) => cursor), ports: edges.map(({ node }) => node.port) };
  };

  const all = [7000, 8000, 8001, 8002, 8003, 9000];

  it('is of the live ones, by port', async () => {
    const { ports, totalCount, pageInfo } = await list();
    expect(ports).toEqual(all);
    expect(totalCount).toBe(6);
    expect(pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
  });

  it.each([
    [{ by: 'PORT', direction: 'DESC' }, [9000, 8003, 8002, 8001, 8000, 7000]],
    [{ by: 'ALLOCATED_AT' }, [8000, 8001, 8002, 8003, 7000, 9000]],
    [{ by: 'ALLOCATED_AT', direction: 'DESC' }, [9000, 7000, 8003, 8002, 8001, 8000]],
    [{ by: 'SERVICE_NAME' }, [9000, 7000, 8003, 8002, 8001, 8000]],
    [{ by: 'SERVICE_NAME', direction: 'DESC' }, [8000, 8001, 8002, 8003, 7000, 9000]],
  ])('is ordered by %j', async (orderBy, ports) => {
    expect((await list({ orderBy })).ports).toEqual(ports);
  });

  it.each([
    [{ host: 'pier' }, [9000]],
    [{ host: 'nowhere' }, []],
    [{ ports: [8002, 7000, 1] }, [7000, 8002]],
    [{ ports: [] }, []],
    [{ environments: ['TEST', 'PRODUCTION'] }, [7000, 9000]],
    [{ statuses: ['RELEASED'] }, [8004]],
    [{ statuses: ['ALLOCATED', 'RELEASED'] }, [7000, 8000, 8001, 8002, 8003, 8004, 9000]],
    [{ statuses: ['ACTIVE'] }, []],
    [{ serviceName: 'e' }, [8001]],
    [{ serviceName: "' OR 1=1 --" }, []],
    [{ codebaseId: 'shop' }, [8000, 8002]],
    [{ worktreePath: '/wt/gone' }, [8000]],
    [{ worktreePath: '/wt/../wt/gone/' }, [8000]],
    [{ conversationId: 'c2' }, [8003]],
    [{ conversationId: 'c1' }, [8000]],
    [{ orphaned: true }, [8000]],
    [{ orphaned: false }, [7000, 8001, 8002, 8003, 9000]],
    [{ orphaned: null, host: null, ports: null, statuses: null, worktreePath: null }, all],
    [{ codebaseId: 'shop', orphaned: false }, [8002]],
  ])('is filtered by %j', async (where, ports) => {
    const answer = await list({ where });
    expect(answer.ports).toEqual(ports);
    expect(answer.totalCount).toBe(ports.length);
  });

  it.each(['ASC', 'DESC'])('is read page by page, forwards and backwards, %s', async (direction) => {
    const orderBy = { by: 'SERVICE_NAME', direction };
    const expected = (await list({ orderBy })).ports;
    const forwards = [];
    for (let after: string | null = null, more = true; more; ) {
      const page: Awaited<ReturnType<typeof list>> = await list({ orderBy, first: 4, after });
      forwards.push(...page.ports);
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      expect(page.cursors.at(-1)).toBe(page.pageInfo.endCursor);
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(forwards).toEqual(expected);
    const backwards = [];
    for (let before: string | null = null, more = true; more; ) {
      const page: Awaited<ReturnType<typeof list>> = await list({ orderBy, last: 4, before });
      backwards.unshift(...page.ports);
      expect(page.cursors[0]).toBe(page.pageInfo.startCursor);
      before = page.pageInfo.startCursor;
      more = page.pageInfo.hasPreviousPage;
    }
    expect(backwards).toEqual(expected);
  });

  it('goes on after a cursor whose allocation was released meanwhile', async () => {
    const { registry } = server();
    const extra = await allocate(registry, 'm', { exactPort: 8500 });
    const { pageInfo } = await list({ first: 6 });
    granted(await registry.releasePort(release(extra.port)));
    expect((await list({ after: pageInfo.endCursor })).ports).toEqual([9000]);
  });

  it.each([
    [{ first: -1 }, /first/],
    [{ last: -1 }, /last/],
    [{ first: 3_000_000_000 }, /Int/],
    [{ after: 'x' }, /Invalid cursor/],
    [{ before: Buffer.from('GPC:S:1').toString('base64') }, /before: It is a cursor/],
    [{ after: Buffer.from('GPC:N:1').toString('base64') }, /after: It is a cursor/],
    [{ after: '\0' }, /Invalid cursor/],
    [{ where: { worktreePath: 'wt/here' } }, /worktreePath: It is not an absolute path/],
    [{ where: { worktreePath: '/wt\0' } }, /worktreePath: It contains the control character U\+0000/],
    [{ where: { ports: [0] } }, /65535/],
    [{ where: { serviceName: 'a\0b' } }, /U\+0000/],
    [{ where: { codebaseId: 'a\0b' } }, /U\+0000/],
    [{ where: { host: '\0' } }, /U\+0000/],
    [{ where: { surprise: 1 } }, /surprise/],
    [{ where: { worktreePath: `/${'x'.repeat(1_024)}` } }, /worktreePath: It has at most 1024 bytes/],
    [{ where: { worktreePath: '' } }, /worktreePath: It is not an absolute path/],
    [{ where: { codebaseId: '' } }, /codebaseId: It is empty/],
    [{ where: { serviceName: '' } }, /serviceName: It is empty/],
    [{ where: { conversationId: '' } }, /conversationId: It is empty/],
    [{ where: { host: '' } }, /host: It is empty/],
    [{ where: { ports: Array(40_000).fill(1) } }, /ports: There are at most 1000/],
    [{ where: { environments: Array(1_001).fill('DEV') } }, /environments: There are at most 1000/],
    [{ where: { statuses: Array(1_001).fill('ACTIVE') } }, /statuses: There are at most 1000/],
  ])('refuses %j', async (variables, message) => {
    const { status, errors } = await server().post(query, variables);
    expect(errors?.[0]?.message).toMatch(message);
    expect(status).toBe(400);
  });

  it('gives a thousand at most, however many are asked for', async () => {
    expect((await list({ first: 2_000_000_000 })).ports).toEqual(all);
  });
});

describe('a long list of allocations', () => {
  const server = shareServer(embedded);
  const ports = Array.from({ length: 620 }, (_, index) => 20_000 + index);

  beforeAll(async () => {
    await server().database.script(`
      INSERT INTO wharfinger.host (name) VALUES ('quay') ON CONFLICT DO NOTHING;
      INSERT INTO wharfinger.port_allocation (id, host_name, port, service_name, environment, status, owner,
        public_hostnames, liveness, misses, allocated_at)
      SELECT gen_random_uuid(), 'quay', 20000 + (number * 7) % 620, 'web' || number, 'dev', 'allocated', 'nobody', '{}',
        'unknown', 0, now()
      FROM generate_series(1, 620) AS number;`);
  });

  const list = async (variables: Record<string, unknown>) => {
    const { data } = await server().post<Page>(query, variables);
    const { edges, pageInfo } = data.portAllocations;
    return { ports: edges.map(({ node }) => node.port), cursors: edges.map(({ cursor }) => cursor), pageInfo };
  };

  it('is read in parts, and whole and in order all the same', async () => {
    const all = await list({ first: 1_000 });
    expect([all.ports, all.pageInfo]).toMatchObject([ports, { hasNextPage: false }]);
    const backwards = await list({ last: 600, orderBy: { by: 'PORT', direction: 'DESC' } });
    expect([backwards.ports, backwards.pageInfo]).toMatchObject([
      ports.slice(0, 600).reverse(),
      { hasPreviousPage: true },
    ]);
    const middle = await list({ first: 300, after: all.cursors[99] });
    expect([middle.ports, middle.pageInfo]).toMatchObject([ports.slice(100, 400), { hasNextPage: true }]);
    const before = await list({ last: 300, before: all.cursors[500] });
    expect([before.ports, before.pageInfo]).toMatchObject([ports.slice(200, 500), { hasPreviousPage: true }]);
  });
});
