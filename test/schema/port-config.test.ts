import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { embedded, engines } from '../support/databases.ts';
import { shareServer, startServer } from '../support/server.ts';
import { mutate } from './seed.ts';

const portConfig =
  'query ($where: AllocationFilter!, $format: ConfigFormat!, $service: String) { portConfig(where: $where, format: $format, service: $service) { format filename content } }';
const renderTemplate =
  'query ($where: AllocationFilter!, $template: String!) { renderTemplate(where: $where, template: $template) }';

const named = (serviceName: string) => ({ serviceName });

interface Rendered {
  readonly portConfig: { readonly format: string; readonly filename: string; readonly content: string };
}

describe.each(engines)('configuration on $name', (engine) => {
  it('is of the live allocations that match, in every format', async () => {
    const server = await startServer({ database: await engine.open() });
    const shop = { worktreePath: '/wt/shop' };
    const services = [{ serviceName: 'web' }, { serviceName: 'api' }];
    await mutate(server, 'allocatePorts', { services, owner: shop });
    await mutate(server, 'allocatePort', { serviceName: 'gone', owner: shop });
    await mutate(server, 'releasePort', { port: 8002, owner: shop });
    await mutate(server, 'allocatePort', { serviceName: 'stranger', owner: { worktreePath: '/wt/cart' } });

    const files: Record<string, string> = {};
    for (const format of ['DOTENV', 'SHELL', 'EXPRESS', 'VITE', 'NEXT', 'DOCKER_COMPOSE', 'JSON', 'MARKDOWN']) {
      const { data } = await server.post<Rendered>(portConfig, { where: shop, format }); // one at a time
      expect(data.portConfig.format).toBe(format);
      expect(data.portConfig.content).toMatch(/800[01][\s\S]*\n$/);
      expect(data.portConfig.content).not.toMatch(/8002|8003|gone|stranger/);
      files[format] = data.portConfig.filename;
    }
    expect(files).toEqual({
      DOTENV: '.env.local',
      SHELL: 'ports.sh',
      EXPRESS: 'server.mjs',
      VITE: 'vite.config.ts',
      NEXT: 'package.json',
      DOCKER_COMPOSE: 'compose.override.yaml',
      JSON: 'ports.json',
      MARKDOWN: 'ports.md',
    });
  });
});

describe('configuration', () => {
  const server = shareServer(embedded);
  const ask = <Data>(query: string, variables: Record<string, unknown>) => server().post<Data>(query, variables);
  const rendered = async (variables: Record<string, unknown>) => {
    const { data, errors } = await ask<Rendered>(portConfig, variables);
    expect(errors).toBeUndefined();
    return data.portConfig.content;
  };

  it('gives PORT to the service that its worktree got without asking, beside others', async () => {
    const where = { worktreePath: '/wt/primary' };
    await mutate(server(), 'registerWorktree', { path: where.worktreePath, branch: 'cart' });
    await mutate(server(), 'allocatePort', { serviceName: 'api', owner: where });
    const { env, services } = JSON.parse(await rendered({ where, format: 'JSON' }));
    expect(env.PORT).toBe(String(services.cart.port));
    expect(Object.keys(services)).toEqual(['api', 'cart']);
    expect(await rendered({ where, format: 'DOTENV', service: 'api' })).toContain(`\nPORT=${services.api.port}\n`);
  });

  it('leaves it out of what Compose adds to compose.yaml, where there are others', async () => {
    const where = { worktreePath: '/wt/composed' };
    const composed = async () => parse(await rendered({ where, format: 'DOCKER_COMPOSE' }));
    await mutate(server(), 'registerCodebase', { id: 'billing', name: 'billing' });
    await mutate(server(), 'registerWorktree', { path: where.worktreePath, branch: 'cart', codebaseId: 'billing' });
    expect(Object.keys((await composed()).services)).toEqual(['billing-cart']);
    await mutate(server(), 'allocatePorts', { services: ['web', 'billing'].map(named), owner: where });
    const file = await composed();
    expect(Object.keys(file.services)).toEqual(['billing', 'web']);
    expect(Object.keys(file['x-wharfinger'])).toEqual(['BILLING_URL', 'WEB_URL', 'CORS_ORIGINS']);
  });

  it("gives PORT to the service that bears its codebase's name", async () => {
    const where = { codebaseId: 'named' };
    await mutate(server(), 'registerCodebase', { id: 'named', name: 'harbour' });
    await mutate(server(), 'allocatePorts', {
      services: [{ serviceName: 'harbour' }, { serviceName: 'harbour-api' }],
      owner: where,
    });
    const { env } = JSON.parse(await rendered({ where, format: 'JSON' }));
    expect(env.PORT).toBe(env.HARBOUR_PORT);
  });

  it('names other hosts in URLs', async () => {
    const where = { host: 'mole' };
    await mutate(server(), 'registerPort', { serviceName: 'mail', port: 9025, host: 'mole' });
    const { errors, data } = await ask(renderTemplate, { where, template: 'at ${url.mail}, not $${url.mail}' });
    expect([errors, data]).toEqual([undefined, { renderTemplate: 'at http://mole:9025, not ${url.mail}' }]);
  });

  it('is refused where nothing matches, with what to do', async () => {
    const where = { worktreePath: '/wt/nowhere' };
    for (const [query, given] of [
      [portConfig, { format: 'DOTENV' }],
      [renderTemplate, { template: '' }],
      [portConfig, { format: 'DOTENV', where: { ...where, statuses: ['RELEASED'] } }],
    ] as const) {
      const { status, errors } = await ask(query, { where, ...given }); // one at a time
      const message = expect.stringMatching(/^No live allocation matches where: allocate a port first, or /);
      const extensions = expect.objectContaining({ code: 'NOT_FOUND' });
      expect([status, errors]).toEqual([400, [expect.objectContaining({ message, extensions })]]);
    }
    expect(server().entries('error')).toEqual([]);
  });

  it('is refused for a name that no match has, or two have', async () => {
    const where = { codebaseId: 'twins' };
    await mutate(server(), 'registerCodebase', { id: 'twins', name: 'twins' });
    for (const worktreePath of ['/wt/one', '/wt/two']) {
      await mutate(server(), 'registerWorktree', {
        path: worktreePath,
        codebaseId: 'twins',
        services: [{ serviceName: 'web' }],
      });
    }
    const both = await ask(renderTemplate, { where, template: 'a\n${port.web}' });
    expect(both.errors?.[0]).toMatchObject({
      message: expect.stringMatching(
        /^template: Line 2: 2 of .* \/wt\/one on quay; .* \/wt\/two on quay\. Add worktreePath to where\.$/,
      ),
      extensions: { code: 'INVALID_INPUT', issues: [{ path: ['template'] }] },
    });
    const one = await ask(renderTemplate, { where: { worktreePath: '/wt/one' }, template: '${port.wep}' });
    expect(one.errors?.[0]?.message).toMatch(/The nearest are: "web"\./);
    const none = await ask(portConfig, { where, format: 'VITE', service: 'wep' });
    expect(none.errors?.[0]?.message).toMatch(/^service: None of .* "wep"\. The nearest are: "web"\.$/);
  });

  it.each([
    [{ template: 'ä'.repeat(32_769) }, /^template: It has at most 64 KiB\.$/],
    [{ template: '${port.}' }, /^template: Line 1: .* names no service/],
    [{ template: '', where: { worktreePath: 'relative' } }, /^worktreePath: It is not an absolute path/],
  ])('is refused for a template or a filter that does not fit: %#', async (variables, message) => {
    const { status, errors } = await ask(renderTemplate, { where: {}, ...variables });
    expect([status, errors?.[0]?.message]).toEqual([400, expect.stringMatching(message)]);
  });

  it('is refused for more services than a list has, and is no longer than they are many', async () => {
    const { prisma } = server().database;
    await prisma.host.upsert({ where: { name: 'full' }, create: { name: 'full' }, update: {} });
    const row = { hostName: 'full', environment: 'dev', status: 'allocated', owner: 'nobody', publicHostnames: [] };
    const rows = Array.from({ length: 1_001 }, (_, index) => ({
      ...row,
      id: randomUUID(),
      port: 20_000 + index,
      serviceName: `s${index}`,
      allocatedAt: new Date(),
    }));
    await prisma.portAllocation.createMany({ data: rows });
    const where = { host: 'full' };
    const { errors } = await ask(portConfig, { where, format: 'JSON' });
    expect(errors?.[0]?.message).toMatch(/^where: More than 1000 live allocations match: add a condition/);
    const fewer = { ...where, ports: rows.slice(1).map(({ port }) => port) };
    for (const format of ['DOCKER_COMPOSE', 'VITE', 'DOTENV']) {
      const content = await rendered({ where: fewer, format }); // one at a time
      expect(content.length).toBeLessThan(300_000);
      expect(content).toContain('21000');
    }
  });
});
