import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { envFiles, parseEnvPorts, readEnvPorts } from '../../src/observer/env-ports.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const execute = promisify(execFile);

const inEnv = (variable: string, port: number, file = '.env') => ({ variable, port, file });

describe('the ports that environment files name', () => {
  it.each([
    ['PORT=8000', [inEnv('PORT', 8000)]],
    ['PORT = 8000 # mine', [inEnv('PORT', 8000)]],
    ['export PORT="8000"\r\n', [inEnv('PORT', 8000)]],
    ["PORT='8000'", [inEnv('PORT', 8000)]],
    ['\uFEFFPORT=8000', [inEnv('PORT', 8000)]],
    [
      'WEB_PORT=8002\nAPI_PORT=8001\nPORT=8000',
      [inEnv('PORT', 8000), inEnv('API_PORT', 8001), inEnv('WEB_PORT', 8002)],
    ],
    ['WEB_SERVER_PORT=65535', [inEnv('WEB_SERVER_PORT', 65_535)]],
    ['PORT=8000\nPORT=8001', [inEnv('PORT', 8001)]],
    ['DATABASE_URL="postgres://u:p@db:5432/x\nPORT=8009"\nPORT=8000', [inEnv('PORT', 8000)]],
  ])('are found in %j', (text, expected) => {
    expect(parseEnvPorts({ '.env': text })).toEqual(expected);
  });

  it.each([
    '',
    '# PORT=8000',
    'PORT=',
    'PORT=0',
    'PORT=65536',
    'PORT=08000',
    'PORT=80.5',
    'PORT=8e3',
    'PORT=-1',
    'PORT=0x1f90',
    'PORT=8000 8001',
    'PORT=8000,8001',
    'PORT=$OTHER',
    'PORT=$(OTHER)',
    'port=8000',
    'PORTS=8000',
    'PORT_A=8000',
    'SUPPORT=8000',
    '_PORT=8000',
    'A-B_PORT=8000',
    'constructor=8000',
    '__proto__=8000',
    `${'X'.repeat(65)}_PORT=8000`,
  ])('are none in %j', (text) => {
    expect(parseEnvPorts({ '.env': text })).toEqual([]);
  });

  it('are those of .env.local, else of .env.development, else of .env', () => {
    const texts = {
      '.env': 'PORT=8000\nAPI_PORT=8001\nWEB_PORT=8002\nDB_PORT=5432',
      '.env.development': 'API_PORT=8011\nWEB_PORT=8012',
      '.env.local': 'WEB_PORT=8022\nDB_PORT=off',
    };
    expect(parseEnvPorts(texts)).toEqual([
      inEnv('PORT', 8000),
      inEnv('API_PORT', 8011, '.env.development'),
      inEnv('WEB_PORT', 8022, '.env.local'),
    ]);
  });

  it('are a hundred at most, PORT among them', () => {
    const lines = Array.from({ length: 200 }, (_, index) => `A${index}_PORT=${1_000 + index}`);
    const found = parseEnvPorts({ '.env': [...lines, 'PORT=8000'].join('\n') });
    expect(found).toHaveLength(100);
    expect(found[0]).toEqual(inEnv('PORT', 8000));
  });

  it('are ports of variables that are called so, whatever the texts', () => {
    const line = fc
      .tuple(
        fc.constantFrom('PORT', 'API_PORT', 'export PORT', 'X'),
        fc.constantFrom('=', ' = ', '="', "='", '=`'),
        fc.string(),
      )
      .map((parts) => parts.join(''));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(line).map((lines) => lines.join('\n')),
    );
    const texts = fc.record(Object.fromEntries(envFiles.map((file) => [file, text])), { requiredKeys: [] });
    fc.assert(
      fc.property(texts, (some) => {
        for (const { variable, port } of parseEnvPorts(some)) {
          expect(variable).toMatch(/^(\w+_)?PORT$/);
          expect(port).toBeGreaterThan(0);
          expect(port).toBeLessThan(65_536);
        }
      }),
    );
  });
});

describe('reading them', () => {
  it('takes the three files of a worktree', async () => {
    const worktree = await temporaryDirectory();
    await writeFile(join(worktree, '.env'), 'PORT=8000\nAPI_PORT=8001\nSECRET=8002');
    await writeFile(join(worktree, '.env.local'), 'PORT=8010');
    await writeFile(join(worktree, '.env.development'), 'API_PORT=8020');
    await writeFile(join(worktree, '.env.production'), 'PORT=8030');
    expect(await readEnvPorts(worktree)).toEqual([
      inEnv('PORT', 8010, '.env.local'),
      inEnv('API_PORT', 8020, '.env.development'),
    ]);
  });

  it('follows a link inside the worktree, and none that leads outside', async () => {
    const home = await temporaryDirectory();
    const worktree = join(home, 'cart');
    await mkdir(join(worktree, 'config'), { recursive: true });
    await mkdir(join(home, 'cart-2'));
    await writeFile(join(worktree, 'config', 'env'), 'PORT=8001');
    await writeFile(join(home, 'cart-2', '.env'), 'API_PORT=8002');
    await symlink('config/env', join(worktree, '.env'));
    await symlink('../cart-2/.env', join(worktree, '.env.local'));
    await symlink('nowhere', join(worktree, '.env.development'));
    await symlink(worktree, join(home, 'link'));
    expect(await readEnvPorts(worktree)).toEqual([inEnv('PORT', 8001)]);
    expect(await readEnvPorts(join(home, 'link'))).toEqual([inEnv('PORT', 8001)]);
  });

  it('takes none from what is no small regular file', async () => {
    const worktree = await temporaryDirectory();
    await mkdir(join(worktree, '.env'));
    await writeFile(join(worktree, '.env.local'), `PORT=8000\n${'#'.repeat(256 * 1_024)}`);
    await execute('mkfifo', [join(worktree, '.env.development')]);
    expect(await readEnvPorts(worktree)).toEqual([]);
  });

  it('takes none where there is nothing', async () => {
    const worktree = await temporaryDirectory();
    await writeFile(join(worktree, '.env'), '');
    expect(await readEnvPorts(worktree)).toEqual([]);
    expect(await readEnvPorts(join(worktree, 'nowhere'))).toEqual([]);
  });
});
