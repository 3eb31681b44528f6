import { parseEnv } from 'node:util';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { planConfig } from '../../src/templates/config-plan.ts';
import { environmentVariables } from '../../src/templates/environment-variables.ts';
import { type ConfigFormat, renderConfig } from '../../src/templates/render-config.ts';
import type { Service } from '../../src/templates/service.ts';
import { runText } from './run-text.ts';
import { hostileServices } from './services.ts';

const render = (services: readonly Service[], format: ConfigFormat) => renderConfig(services, format, null).content;
const expected = (services: readonly Service[]) => Object.fromEntries(environmentVariables(planConfig(services, null)));
const ports = (services: readonly Pick<Service, 'port'>[]) => services.map(({ port }) => port).sort((a, b) => a - b);

interface ComposeService {
  readonly ports: string[];
  readonly environment: Record<string, string> & { PORT: string };
}

const check = (holds: (services: Service[]) => void, numRuns = 300) =>
  fc.assert(fc.property(hostileServices, holds), { numRuns });

describe('whatever services, hosts and descriptions are called', () => {
  it('a variable is a name that every shell takes, and no two are the same', () => {
    check((services) => {
      const names = environmentVariables(planConfig(services, null)).map(([name]) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^[A-Z_][A-Z0-9_]*$/);
    });
  });

  it('a dotenv parser reads the variables and nothing else', () => {
    check((services) => {
      expect(parseEnv(render(services, 'DOTENV'))).toEqual(expected(services));
    });
  });

  it.each(['DOTENV', 'SHELL'] as const)('a shell reads the variables of %s and runs nothing', (format) => {
    check((services) => {
      const script = `set -a\n${render(services, format)}\nexec env -0`;
      const lines = runText('sh', ['-s'], script).split('\0').filter(Boolean);
      const read = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
      const { PWD, OLDPWD, SHLVL, _, ...variables } = read;
      expect(variables).toEqual(expected(services));
    }, 40);
  });

  it('a JSON parser reads services and variables', () => {
    check((services) => {
      const { services: told, env } = JSON.parse(render(services, 'JSON'));
      expect(env).toEqual(expected(services));
      expect(ports(Object.values(told))).toEqual(ports(services));
      expect(JSON.parse(render(services, 'NEXT')).scripts.dev).toMatch(/^next dev -p \d+$/);
    });
  });

  it('Vite is given nothing but its ports and the URLs of the others', () => {
    check((services) => {
      const script = render(services, 'VITE')
        .replace(/^import .*$/m, '')
        .replace('export default', 'result =');
      const context: { result?: { server: { port: number; proxy?: object; cors?: { origin: string[] } } } } = {};
      runInNewContext(script, Object.assign(context, { defineConfig: (config: unknown) => config }));
      expect(ports(services)).toContain(context.result?.server.port);
      expect(context.result).toEqual({
        server: expect.objectContaining({ strictPort: true }),
        preview: { port: context.result?.server.port, strictPort: true },
      });
      for (const path of Object.keys(context.result?.server.proxy ?? {})) {
        expect(path).toMatch(/^\^\/[a-z0-9-]+\(\?:\[\/\?\]\|\$\)$/);
      }
    });
  });

  it('Express listens on a port, and on nothing else', () => {
    check((services) => {
      const listened: number[] = [];
      const script = render(services, 'EXPRESS').replace(/^import .*$/m, '');
      const express = () => ({ use: () => {}, listen: (port: number) => listened.push(port) });
      runInNewContext(script, { express, process: { env: {} } });
      expect(listened).toHaveLength(1);
      expect(ports(services)).toEqual(expect.arrayContaining(listened));
    });
  });

  it.each(['1.1', '1.2'] as const)('a parser of YAML %s reads a service for each, and its port', (version) => {
    check((services) => {
      const document = parseDocument(render(services, 'DOCKER_COMPOSE'), { version, merge: true });
      expect([document.errors, document.warnings]).toEqual([[], []]);
      const { services: told }: { services: Record<string, ComposeService> } = document.toJS();
      expect(Object.keys(document.toJS()).filter((key) => key !== 'x-wharfinger')).toEqual(['services']);
      expect(Object.keys(told).filter((name) => !/^[a-zA-Z0-9._-]+$/.test(name))).toEqual([]);
      for (const { ports: published, environment } of Object.values(told)) {
        expect(published).toEqual([
          expect.stringMatching(
            new RegExp(`^127\\.0\\.0\\.1:\\$\\{[A-Z0-9_]+_PORT:-${environment.PORT}\\}:${environment.PORT}$`),
          ),
        ]);
        for (const value of Object.values(environment)) {
          expect(value.replaceAll(/\$\{[A-Z0-9_]+_PORT:-\d+\}/g, '')).not.toMatch(/[$\s"'`\\]/);
        }
      }
      expect(ports(Object.values(told).map(({ environment: { PORT } }) => ({ port: Number(PORT) })))).toEqual(
        ports(services),
      );
    }, 150);
  });

  it('a table has a row of four cells for each', () => {
    check((services) => {
      const lines = render(services, 'MARKDOWN').split(/[\r\n\u0085\u2028\u2029]/);
      expect(lines).toHaveLength(services.length + 3);
      const cells = lines.slice(2, -1).map((line) => line.replaceAll(/\\./gu, '').split('|'));
      for (const row of cells) expect(row).toHaveLength(6);
      expect(ports(cells.map(([, , port]) => ({ port: Number(port) })))).toEqual(ports(services));
      expect(lines.slice(2).join('\n').replaceAll(/\\./gu, '')).not.toMatch(/[`*<>]|\[.*\]\(/);
    });
  });
});
