import { beforeAll, describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import {
  allocate,
  checkout,
  codebase,
  granted,
  handover,
  release,
  removal,
  repository,
  service,
  worktree,
} from '../support/registry.ts';
import { shareServer } from '../support/server.ts';

describe('the queries', () => {
  const server = shareServer(embedded);

  beforeAll(async () => {
    const { registry } = server();
    granted(
      await registry.registerCodebase(
        repository('shop', { id: 'shop', primaryPort: 8100, servicePorts: { web: 8101, api: 8102 } }),
      ),
    );
    granted(await registry.registerCodebase(repository('Blog', { id: 'blog' })));
    const services = [service('web'), service('api')];
    granted(await registry.registerWorktree(checkout('/wt/shop', { codebaseId: 'shop', branch: 'main', services })));
    granted(await registry.registerWorktree(checkout('/wt/old', { codebaseId: 'shop' })));
    granted(await registry.removeWorktree(removal('/wt/old')));
    granted(await registry.registerWorktree(checkout('/wt/far', { host: 'pier' })));
    await allocate(registry, 'queue', { owner: codebase('shop') });
    granted(await registry.transferPorts(handover([8101], { owner: worktree('/wt/shop'), to: codebase('shop') })));
    granted(await registry.releasePort(release(8101, { owner: codebase('shop') })));
  });

  it.each([
    [
      'a codebase',
      '{ codebase(id: "shop") { name repositoryUrl portConfig { primaryPort servicePorts { service port } } worktrees { path } allocations { port } } }',
      {
        codebase: {
          name: 'shop',
          repositoryUrl: null,
          portConfig: {
            primaryPort: 8100,
            servicePorts: [
              { service: 'api', port: 8102 },
              { service: 'web', port: 8101 },
            ],
          },
          worktrees: [{ path: '/wt/shop' }],
          allocations: [{ port: 8000 }, { port: 8102 }],
        },
      },
    ],
    ['no codebase', '{ codebase(id: "nothing") { name } }', { codebase: null }],
    [
      'the codebases',
      '{ codebases { id portConfig { primaryPort } } }',
      {
        codebases: [
          { id: 'blog', portConfig: null },
          { id: 'shop', portConfig: { primaryPort: 8100 } },
        ],
      },
    ],
    ['some of the codebases', '{ codebases(first: 1, skip: 1) { id } }', { codebases: [{ id: 'shop' }] }],
    [
      'released allocations of a codebase',
      '{ codebase(id: "shop") { allocations(where: {statuses: [RELEASED]}, first: 1) { port codebase { id } worktree { path } } } }',
      { codebase: { allocations: [{ port: 8100, codebase: { id: 'shop' }, worktree: { path: '/wt/old' } }] } },
    ],
    [
      'a worktree',
      '{ worktree(path: "/wt/../wt/shop/") { path branch removedAt missingSince host { name } codebase { id } allocations { port serviceName } } }',
      {
        worktree: {
          path: '/wt/shop',
          branch: 'main',
          removedAt: null,
          missingSince: null,
          host: { name: 'quay' },
          codebase: { id: 'shop' },
          allocations: [{ port: 8102, serviceName: 'api' }],
        },
      },
    ],
    [
      'a worktree of another host',
      '{ here: worktree(path: "/wt/far") { path } there: worktree(path: "/wt/far", host: "pier") { path codebase { id } } }',
      { here: null, there: { path: '/wt/far', codebase: null } },
    ],
    ['the worktrees', '{ worktrees { path } }', { worktrees: [{ path: '/wt/far' }, { path: '/wt/shop' }] }],
    [
      'removed worktrees too',
      '{ worktrees(includeRemoved: true, codebaseId: "shop") { path } }',
      { worktrees: [{ path: '/wt/old' }, { path: '/wt/shop' }] },
    ],
    ['the worktrees of a host', '{ worktrees(host: "pier") { path } }', { worktrees: [{ path: '/wt/far' }] }],
    [
      'the hosts',
      '{ hosts { name lastSeenAt worktrees { path } } }',
      {
        hosts: [
          { name: 'pier', lastSeenAt: null, worktrees: [{ path: '/wt/far' }] },
          { name: 'quay', lastSeenAt: null, worktrees: [{ path: '/wt/shop' }] },
        ],
      },
    ],
    [
      'this host',
      '{ host { name ranges { environment start end size used available utilization } } }',
      {
        host: {
          name: 'quay',
          ranges: [
            { environment: 'DEV', start: 8000, end: 8999, size: 1000, used: 2, available: 998, utilization: 0.002 },
            { environment: 'TEST', start: 7000, end: 7999, size: 1000, used: 0, available: 1000, utilization: 0 },
            { environment: 'PRODUCTION', start: 9000, end: 9999, size: 1000, used: 0, available: 1000, utilization: 0 },
          ],
        },
      },
    ],
    ['no host', '{ host(name: "nowhere") { name } }', { host: null }],
    [
      'the ranges of another host',
      '{ portRanges(host: "pier") { environment used } }',
      {
        portRanges: [
          { environment: 'DEV', used: 1 },
          { environment: 'TEST', used: 0 },
          { environment: 'PRODUCTION', used: 0 },
        ],
      },
    ],
    [
      'the ranges of no host',
      '{ portRanges(host: "nowhere") { used } }',
      { portRanges: [{ used: 0 }, { used: 0 }, { used: 0 }] },
    ],
    [
      'who holds a port',
      '{ portAllocation(port: 8102) { serviceName url worktree { branch } } }',
      { portAllocation: { serviceName: 'api', url: 'http://localhost:8102', worktree: { branch: 'main' } } },
    ],
    [
      'who holds a port elsewhere',
      '{ portAllocation(port: 8000, host: "pier") { url } }',
      { portAllocation: { url: 'http://pier:8000' } },
    ],
    ['who holds a port that was released', '{ portAllocation(port: 8101) { id } }', { portAllocation: null }],
    [
      'a port that is free',
      '{ checkPort(port: 8500) { port available reasons allocation { id } host { name } suggestions } }',
      {
        checkPort: {
          port: 8500,
          available: true,
          reasons: [],
          allocation: null,
          host: { name: 'quay' },
          suggestions: expect.any(Array),
        },
      },
    ],
    [
      'a port that is not',
      '{ checkPort(port: 8102) { available reasons allocation { serviceName worktree { path } } explanation } }',
      {
        checkPort: {
          available: false,
          reasons: ['ALLOCATED', 'CONFIGURED_ELSEWHERE'],
          allocation: { serviceName: 'api', worktree: { path: '/wt/shop' } },
          explanation: expect.stringContaining('worktree /wt/shop'),
        },
      },
    ],
    [
      'a port of a host that nobody knows',
      '{ checkPort(port: 22, host: "nowhere") { available host { name lastSeenAt worktrees { path } some: worktrees(first: 1) { id } ranges { used } } } }',
      {
        checkPort: {
          available: false,
          host: {
            name: 'nowhere',
            lastSeenAt: null,
            worktrees: [],
            some: [],
            ranges: [{ used: 0 }, { used: 0 }, { used: 0 }],
          },
        },
      },
    ],
    [
      'a port to take',
      '{ recommendPort(serviceName: "new") { port available } recommended: recommendPort(serviceName: "new", environment: TEST, host: "pier") { port } }',
      { recommendPort: { port: 8001, available: true }, recommended: { port: 7000 } },
    ],
  ])('tell %s', async (_what, query, expected) => {
    const { data, errors } = await server().post(query);
    expect(errors).toBeUndefined();
    expect(data).toEqual(expected);
  });

  it('tell past events, as their allocations stood then', async () => {
    const fields = 'kind cause allocation { port status host { name } codebase { id } worktree { path } }';
    const { data } = await server().post(`{ allocationEvents(where: {ports: [8101]}) { ${fields} } }`);
    const then = { port: 8101, host: { name: 'quay' }, codebase: { id: 'shop' } };
    expect(data).toEqual({
      allocationEvents: [
        {
          kind: 'ALLOCATED',
          cause: null,
          allocation: { ...then, status: 'ALLOCATED', worktree: { path: '/wt/shop' } },
        },
        { kind: 'TRANSFERRED', cause: null, allocation: { ...then, status: 'ALLOCATED', worktree: null } },
        { kind: 'RELEASED', cause: null, allocation: { ...then, status: 'RELEASED', worktree: null } },
      ],
    });
    const removal = await server().post(
      '{ allocationEvents(where: {kinds: [RELEASED], worktreePath: "/wt/old"}) { cause } }',
    );
    expect(removal.data).toEqual({ allocationEvents: [{ cause: expect.stringMatching(/removed/) }] });
  });

  it('tell the end of the log, after which nothing is', async () => {
    const { data } = await server().post<{ latestEventCursor: string }>('{ latestEventCursor }');
    const query = 'query ($after: EventCursor) { allocationEvents(after: $after) { cursor } }';
    expect((await server().post(query, { after: data.latestEventCursor })).data).toEqual({ allocationEvents: [] });
    const before = String(Number(data.latestEventCursor) - 1);
    expect((await server().post(query, { after: before })).data).toEqual({
      allocationEvents: [{ cursor: data.latestEventCursor }],
    });
  });

  it('tell the same of an allocation and its observer’s later look', async () => {
    const update = { status: 'active', lastActiveAt: new Date('2026-11-22T10:00:00Z'), processId: 4711 };
    await server().database.prisma.portAllocation.updateMany({ where: { port: 8102 }, data: update });
    const { data } = await server().post('{ portAllocation(port: 8102) { status lastActiveAt processId } }');
    expect(data).toEqual({
      portAllocation: { status: 'ACTIVE', lastActiveAt: '2026-11-22T10:00:00.000Z', processId: 4711 },
    });
  });
});
