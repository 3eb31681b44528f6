import { describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { shareServer } from '../support/server.ts';
import { type Mutation, mutate } from './seed.ts';

const long = (length: number) => 'x'.repeat(length);
const nested = (depth: number): object => (depth === 0 ? {} : { in: nested(depth - 1) });
const web = { serviceName: 'web' };

describe('an input that does not fit', () => {
  const server = shareServer(embedded);

  it.each<[Mutation, Record<string, unknown>, string[][]]>([
    ['allocatePort', { serviceName: '' }, [['serviceName']]],
    ['allocatePort', { serviceName: '   ' }, [['serviceName']]],
    ['allocatePort', { serviceName: long(256) }, [['serviceName']]],
    ['allocatePort', { serviceName: 'a\nb' }, [['serviceName']]],
    ['allocatePort', { serviceName: 'a\0b' }, [['serviceName']]],
    ['allocatePort', { serviceName: '\ud800' }, [['serviceName']]],
    ['allocatePort', { ...web, description: long(2_001) }, [['description']]],
    ['allocatePort', { ...web, description: '\0' }, [['description']]],
    ['allocatePort', { ...web, preferredPort: 8000, exactPort: 8001 }, [['exactPort']]],
    ['allocatePort', { ...web, metadata: { text: long(16_384) } }, [['metadata']]],
    ['allocatePort', { ...web, metadata: { text: '\0' } }, [['metadata']]],
    ['allocatePort', { ...web, metadata: { '\0': 1 } }, [['metadata']]],
    ['allocatePort', { ...web, metadata: { text: '\udfff' } }, [['metadata']]],
    ['allocatePort', { ...web, metadata: nested(20) }, [['metadata']]],
    ['allocatePort', { ...web, publicHostnames: ['http://a.example'] }, [['publicHostnames', '0']]],
    ['allocatePort', { ...web, publicHostnames: Array(21).fill('a.example') }, [['publicHostnames']]],
    ['allocatePort', { ...web, owner: { worktreePath: 'wt/a' } }, [['owner', 'worktreePath']]],
    ['allocatePort', { ...web, owner: { worktreePath: '' } }, [['owner', 'worktreePath']]],
    ['allocatePort', { ...web, owner: { worktreePath: `/${'ü'.repeat(512)}` } }, [['owner', 'worktreePath']]],
    ['allocatePort', { ...web, owner: { worktreePath: '/a\0b' } }, [['owner', 'worktreePath']]],
    ['allocatePort', { ...web, owner: { codebaseId: '' } }, [['owner', 'codebaseId']]],
    ['allocatePort', { ...web, owner: { conversationId: long(256) } }, [['owner', 'conversationId']]],
    ['allocatePort', { ...web, host: 'two words' }, [['host']]],
    ['allocatePort', { ...web, host: long(254) }, [['host']]],
    ['allocatePort', { ...web, host: 'ü'.repeat(127) }, [['host']]],
    [
      'allocatePort',
      { serviceName: '', host: '', owner: { worktreePath: 'a' } },
      [['serviceName'], ['owner', 'worktreePath'], ['host']],
    ],
    ['allocatePorts', { services: [] }, [['services']]],
    [
      'allocatePorts',
      { services: Array.from({ length: 101 }, (_, index) => ({ serviceName: `s${index}` })) },
      [['services']],
    ],
    ['allocatePorts', { services: [web, web] }, [['services']]],
    ['allocatePorts', { services: [web, { serviceName: ' web ' }] }, [['services']]],
    ['allocatePorts', { services: [web, { serviceName: '' }] }, [['services', '1', 'serviceName']]],
    [
      'allocatePorts',
      { services: [web, { serviceName: 'x', exactPort: 1, preferredPort: 1 }] },
      [['services', '1', 'exactPort']],
    ],
    ['registerPort', { serviceName: '\t', port: 1 }, [['serviceName']]],
    ['releasePort', { port: 1, owner: { worktreePath: '.' } }, [['owner', 'worktreePath']]],
    ['transferPorts', { ports: [], to: { conversationId: 'c' } }, [['ports']]],
    ['transferPorts', { ports: [1, 1], to: { conversationId: 'c' } }, [['ports']]],
    [
      'transferPorts',
      { ports: Array.from({ length: 1_001 }, (_, index) => index + 1), to: { conversationId: 'c' } },
      [['ports']],
    ],
    ['transferPorts', { ports: [1], to: {} }, [['to']]],
    ['registerCodebase', { name: '' }, [['name']]],
    ['registerCodebase', { name: 'x', id: '\n' }, [['id']]],
    ['registerCodebase', { name: 'x', defaultCwd: 'src' }, [['defaultCwd']]],
    ['registerCodebase', { name: 'x', repositoryUrl: long(1_025) }, [['repositoryUrl']]],
    ['registerCodebase', { name: 'x', repositoryUrl: 'ü'.repeat(513) }, [['repositoryUrl']]],
    [
      'registerCodebase',
      {
        name: 'x',
        portConfig: {
          servicePorts: [
            { service: 'a', port: 1 },
            { service: 'a', port: 2 },
          ],
        },
      },
      [['portConfig', 'servicePorts']],
    ],
    [
      'registerCodebase',
      { name: 'x', portConfig: { servicePorts: [{ service: '', port: 1 }] } },
      [['portConfig', 'servicePorts', '0', 'service']],
    ],
    ['registerWorktree', { path: '' }, [['path']]],
    ['registerWorktree', { path: 'C:relative' }, [['path']]],
    ['registerWorktree', { path: '/wt', branch: '' }, [['branch']]],
    ['registerWorktree', { path: '/wt', services: [] }, [['services']]],
    ['removeWorktree', { path: '~/wt' }, [['path']]],
  ])('is refused whole: %s of %j', async (mutation, input, paths) => {
    const answer = await mutate(server(), mutation, input);
    expect(answer).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT' });
    const issues = answer.issues as readonly { path: string[]; message: string }[];
    expect(issues.map(({ path }) => path)).toEqual(paths);
    for (const { message } of issues) expect(answer.message).toContain(message);
    const { data } = await server().post('{ portAllocations { totalCount } codebases { id } worktrees { id } }');
    expect(data).toEqual({ portAllocations: { totalCount: 0 }, codebases: [], worktrees: [] });
  });

  it.each([
    ['\u001B[31mweb', 'U+001B'],
    ['web\u007F', 'U+007F'],
    ['web\u009B31m', 'U+009B'],
    ['web\u0085api', 'U+0085'],
    ['web\u2028api', 'U+2028'],
    ['web\u2029api', 'U+2029'],
    ['\u202Eweb', 'U+202E'],
    ['web\u2066api', 'U+2066'],
    ['web\u2069', 'U+2069'],
    ['web\u200E', 'U+200E'],
    ['web\u200F', 'U+200F'],
    ['web\u061Capi', 'U+061C'],
  ])('names the character of a name that cannot be printed: %j', async (name, character) => {
    const names: [Mutation, Record<string, unknown>][] = [
      ['allocatePort', { serviceName: name }],
      ['allocatePort', { ...web, host: name }],
      ['allocatePort', { ...web, publicHostnames: [name] }],
      ['allocatePort', { ...web, owner: { conversationId: name } }],
      ['allocatePort', { ...web, owner: { codebaseId: name } }],
      ['registerCodebase', { name }],
      ['registerWorktree', { path: '/wt/a', branch: name }],
    ];
    for (const [mutation, input] of names) {
      const { code, message } = await mutate(server(), mutation, input); // one by one
      expect([code, message]).toEqual([
        'INVALID_INPUT',
        expect.stringContaining(`${character}, which cannot be printed`),
      ]);
    }
  });

  it('names the control character of a path', async () => {
    const { message } = await mutate(server(), 'registerWorktree', { path: '/wt/\u001B[31ma' });
    expect(message).toContain('U+001B');
  });

  it('is refused however deep it nests', async () => {
    const depth = 50_000;
    const metadata = `${'{"in":'.repeat(depth)}0${'}'.repeat(depth)}`;
    const query = 'mutation ($m: JSONObject) { allocatePort(input: {serviceName: "x", metadata: $m}) { __typename } }';
    const response = await fetch(server().url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query": ${JSON.stringify(query)}, "variables": {"m": ${metadata}}}`,
    });
    expect(await response.json()).toEqual({ data: { allocatePort: { __typename: 'InvalidInput' } } });
  });

  it.each([
    ['serviceName: 1', /String/],
    ['serviceName: null', /String/],
    ['serviceName: "x", exactPort: 0', /65535/],
    ['serviceName: "x", exactPort: 65536', /65535/],
    ['serviceName: "x", exactPort: 80.5', /65535/],
    ['serviceName: "x", exactPort: "80"', /65535/],
    ['serviceName: "x", exactPort: 1e300', /65535/],
    ['serviceName: "x", metadata: "text"', /JSON object/],
    ['serviceName: "x", metadata: [1]', /JSON object/],
    ['serviceName: "x", environment: STAGING', /Environment/],
    ['serviceName: "x", force: "yes"', /Boolean/],
    ['serviceName: "x", surprise: 1', /surprise/],
    ['', /serviceName/],
  ])('of the wrong type is no operation: %s', async (input, message) => {
    const { status, errors } = await server().post(`mutation { allocatePort(input: {${input}}) { __typename } }`);
    expect([status, errors?.[0]?.message]).toEqual([400, expect.stringMatching(message)]);
    expect(server().entries('warn')).toEqual([]);
  });
});
