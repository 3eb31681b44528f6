import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeConfig } from '../../src/cli/config-file.ts';
import type { ConfigFormat } from '../../src/client/client.ts';
import { renderConfig } from '../../src/templates/render-config.ts';
import type { Service } from '../../src/templates/service.ts';

const service: Service = {
  serviceName: 'web',
  port: 8002,
  url: 'http://localhost:8002',
  environment: 'dev',
  description: 'für alle',
  host: 'quay',
  worktreePath: '/src/shop-cart',
  isPrimary: false,
  isPlaceholder: false,
};
const rendered = (format: ConfigFormat, port = 8002) => renderConfig([{ ...service, port }], format, null);
const merged = (existing: string | null, format: ConfigFormat = 'DOTENV', port?: number) =>
  mergeConfig(existing, rendered(format, port));

describe('a file that may have more in it', () => {
  it.each(['DOTENV', 'SHELL', 'MARKDOWN'] as const)('keeps the rest of it in %s', (format) => {
    const { bytes } = merged('# mine\n', format, 8002);
    expect(bytes).toMatch(/^# mine\n.*>>> wharfinger >>>/);
    expect(Buffer.from(bytes, 'latin1').toString()).toContain(rendered(format).content.trim());
    expect(merged(bytes, format, 8003).bytes).toBe(merged('# mine\n', format, 8003).bytes);
  });

  it('keeps bytes that are no UTF-8', () => {
    const mine = Buffer.from([0x41, 0x3d, 0xfc, 0xff, 0x0a]);
    const { bytes } = merged(mine.toString('latin1'));
    expect(Buffer.from(bytes, 'latin1').subarray(0, mine.length)).toEqual(mine);
  });

  it('is read with the port by what reads such files, whatever stands above', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('PORT=3000', 'A="b c"', '# x', '', 'export B=1')), (lines) => {
        expect(parseEnv(merged(lines.join('\n')).bytes)).toMatchObject({ PORT: '8002', WEB_PORT: '8002' });
      }),
    );
  });

  it('is refused where it is of two bytes a letter', () => {
    expect(() => merged(Buffer.from('A=1\n', 'utf16le').toString('latin1'))).toThrow('.env.local is no text');
  });
});

describe('a variable that is set twice', () => {
  const block = merged(null).bytes;

  it.each([
    ['DOTENV', 'PORT=3000\n', 'above'],
    ['DOTENV', 'export PORT = secret\n', 'above'],
    ['DOTENV', 'PORT: secret\n', 'above'],
    ['SHELL', 'export PORT=secret\n', 'above'],
    ['SHELL', '  PORT=secret; X=1\n', 'above'],
  ] as const)('of %s is named, not told: %j', (format, mine, where) => {
    const { notes } = merged(mine, format);
    expect(notes).toEqual([expect.stringMatching(new RegExp(` PORT ${where} .*the block's wins`))]);
    expect(notes.join()).not.toMatch(/secret|3000/);
  });

  it('below the block is said to win', () => {
    expect(merged(`${block}PORT=3000\n`).notes).toEqual([expect.stringMatching(/ PORT again below .* that one wins/)]);
  });

  it.each(['# PORT=1\n', 'XPORT=1\n', 'PORTS=1\n', 'A=PORT=1\n', '\n'])('is none in %j', (mine) => {
    expect(merged(mine).notes).toEqual([]);
  });
});

describe('a file that is either ours or somebody else’s', () => {
  it.each(['VITE', 'EXPRESS', 'DOCKER_COMPOSE', 'JSON'] as const)('is replaced in %s where it is ours', (format) => {
    const { bytes } = merged(null, format, 8003);
    expect(merged(bytes, format, 8002)).toEqual(merged(null, format, 8002));
    expect(merged(' \n', format).bytes).toContain('8002');
  });

  it.each([
    ['VITE', 'export default {};\n'],
    ['EXPRESS', `${merged(null, 'EXPRESS').bytes}app.get('/', secret);\n`],
    ['DOCKER_COMPOSE', `name: secret\n${merged(null, 'DOCKER_COMPOSE').bytes}`],
    ['JSON', '{ "secret": 1 }'],
    ['JSON', 'secret'],
    ['JSON', '{ "services": {}, "env": { "PORT": "1" } }'],
    ['JSON', merged(null, 'JSON').bytes.replace('"description"', '"secret"')],
    ['JSON', merged(null, 'JSON').bytes.replace('"env"', '"secret": 1, "env"')],
  ] as const)('is refused in %s where it is not: %j', (format, existing) => {
    expect(() => merged(existing, format)).toThrow(/has more in it than Wharfinger wrote.* without --write/);
    expect(() => merged(existing, format)).not.toThrow('secret');
  });

  it('is never package.json', () => {
    expect(() => merged(null, 'NEXT')).toThrow('npm pkg set "scripts.dev=next dev -p 8002" "scripts.start=');
  });
});
