import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRegistryClient } from '../../src/client/client.ts';
import { createPortCommandHandler } from '../../src/commands/handler.ts';
import { chatCommands } from '../../src/commands/help.ts';
import { isPortManagementEnabled } from '../../src/commands/is-enabled.ts';
import { openChat } from './open-chat.ts';

/** A handler whose registry does not answer. */
function alone(options: Parameters<typeof createPortCommandHandler>[1] = { enabled: true }) {
  const fetch = () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }));
  return createPortCommandHandler(createRegistryClient({ fetch }), options);
}

const answer = async (text: string) => (await alone().handle(text)).message;

describe('a message', () => {
  it.each([
    ['/port-allocate', 'Usage: `/port-allocate <service> [dev|test|production] [port] [--force]`'],
    [
      '/port-allocate web prodution',
      '"prodution" is no environment: it takes dev, test or production. Did you mean `production`?',
    ],
    ['/port-allocate web dev 70000', '"70000" is no port: it takes a number from 1 to 65535.'],
    ['/port-allocate web dev 8e3', '"8e3" is no port'],
    ['/port-allocate web --force', '--force takes a port'],
    ['/port-allocate web dev 8000 now', 'allocate takes no "now".'],
    ['/port-list --worktre', 'list knows no flag "--worktre". Did you mean `--worktree`?'],
    ['/port-list --env prod', 'list knows no flag "--env". Did you mean `--environment`?'],
    ['/port-list prod', 'list takes no "prod". Did you mean `--environment prod`?'],
    ['/port-list web', 'list takes no "web".\n'],
    ['/port-allocate dev web', '"web" is no environment: it takes dev, test or production.\n'],
    ['/port-conflicts foo', 'It takes resolve, and no "foo".'],
    ['/port-list --all=yes', '--all takes no value.'],
    ['/port-list --environment', '--environment takes an environment.'],
    ['/port-list --environment staging', '"staging" is no environment: it takes dev, test or production.'],
    ['/port-release', 'release takes a port.'],
    ['/port-release web', '"web" is no port'],
    [
      '/port-config web --format vit',
      '"vit" is no format: it takes dotenv, express, vite, next, docker-compose, shell, json or markdown. Did you mean `vite`?',
    ],
    ['/port-register nginx', 'register takes a port.'],
    ['/port-conflicts resolve 8000 kill', '"kill" is no action: it takes adopt, reallocate, release or dismiss.'],
    ['/port-conflicts resolve', 'It takes a conflict.'],
    ['/port-transfer 8000', 'It takes whom to hand the port to.'],
    ['/port-import', 'It takes the text of a file, on the lines after the command.'],
    ['/port-backfill', 'Say which codebase: you are in none.'],
    ['/port-list --worktree', '--worktree is of no use here: you are in no worktree.'],
    ['/port-help alocate', 'There is no command /port-alocate. Did you mean `allocate`?'],
    ['/port-lst', 'There is no command `/port-lst`. Did you mean `/port-list`?'],
    ['/port-', 'The commands are `/port-allocate`'],
    ['/ports', 'That is no port command'],
    ['list my ports', 'That is no port command'],
    ['', 'That is no port command'],
  ])('%j is answered with %j', async (text, expected) => {
    const { success, message } = await alone().handle(text);
    expect(success).toBe(false);
    expect(message).toContain(expected);
  });

  it('that does not fit is answered with the usage of its command', async () => {
    expect(await answer('/port-release 0')).toContain('Usage: `/port-release <port> [--force]`');
    expect(await answer('/port-check eighty')).toContain('`/port-help check` says more.');
  });

  it('may be in any case, between spaces and on several lines', async () => {
    const { hear } = await openChat({ conversationId: 'issue-6' });
    expect(await hear('  /PORT-Allocate\n  web\n  PROD  ')).toContain('Port 9000 for `web` is allocated.');
    expect(await hear('/port-allocate "my web" --force 8123')).toContain('Port 8123 for `my web` is allocated.');
  });

  it('is known by its beginning', async () => {
    expect(alone().handles(' /Port-list')).toBe(true);
    expect(alone().handles('/worktree create')).toBe(false);
    const notText = Symbol('text') as unknown as string; // a caller without types
    expect(alone().handles(notText)).toBe(false);
    expect(await alone().handle(notText)).toMatchObject({ success: false });
  });

  it('may call the bot by its name', async () => {
    const { hear } = await openChat({ conversationId: 'issue-6' });
    expect(await hear('/port-allocate@harbour_bot web')).toContain('Port 8000 for `web` is allocated.');
    expect(await hear('/port-list@harbour_bot')).toContain('| 8000 | web |');
  });
});

describe('a registry that does not answer', () => {
  it('is answered with how to start it', async () => {
    const { success, message } = await alone().handle('/port-list');
    expect(success).toBe(false);
    expect(message).toContain('No registry answers at http://127.0.0.1:4280/graphql (ECONNREFUSED)');
    expect(message).toContain('wharfinger serve');
  });

  it('does not keep a worktree from being made or removed', async () => {
    const path = '/src/shop-cart';
    expect(await alone().worktreeCreated({ path, branch: null })).toEqual({
      success: true,
      message: expect.stringMatching(
        /^Worktree created!\n\nBranch: \(none\)\nPath: \/src\/shop-cart\n\nNo port was allocated\. No registry answers/,
      ),
      modified: true,
      ports: [],
    });
    expect((await alone().worktreeRemoved({ path })).message).toMatch(/^Worktree removed![\s\S]*No registry answers/);
  });
});

describe('port management that is switched off', () => {
  it.each(['false', ' FALSE ', '0', 'off', 'no'])('by ENABLE_PORT_MANAGEMENT=%s', (value) => {
    expect(isPortManagementEnabled({ ENABLE_PORT_MANAGEMENT: value })).toBe(false);
  });

  it.each(['true', '', undefined, 'yes'])('is not by ENABLE_PORT_MANAGEMENT=%s', (value) => {
    expect(isPortManagementEnabled({ ENABLE_PORT_MANAGEMENT: value })).toBe(true);
  });

  it('says so and asks nothing', async () => {
    const handler = alone({ enabled: false });
    const sentence = 'Port management is switched off (ENABLE_PORT_MANAGEMENT=false), so nothing was asked or changed.';
    expect(await handler.handle('/port-list')).toEqual({ success: false, message: sentence });
    expect((await handler.worktreeCreated({ path: '/src/a', branch: 'a' })).message).toContain(sentence);
    const { getRecommendedPort, reservePortForService, generatePortConfig } = handler.at({ worktreePath: '/src/a' });
    const calls = [getRecommendedPort('web'), reservePortForService('web', 8000), generatePortConfig('web')];
    for (const { reason } of (await Promise.allSettled(calls)) as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({ name: 'RegistryError', code: 'SWITCHED_OFF', message: sentence });
    }
  });
});

describe('help', () => {
  it('shows all commands', async () => {
    const { hear } = await openChat();
    const message = await hear('/port-help');
    for (const { name, summary } of chatCommands) {
      expect(message).toContain(`/port-${name}`);
      expect(message).toContain(summary);
    }
  });

  it.each(chatCommands.map(({ name }) => [name]))(
    'of %s shows what it takes, with examples that it takes',
    async (name) => {
      const handler = alone();
      const command = chatCommands.find((each) => each.name === name);
      const { success, message } = await handler.handle(`/port-help /port-${name}`);
      expect(success).toBe(true);
      for (const example of command?.examples ?? []) {
        const whole = `/port-${name} ${example}${command?.textDescription ? '\nport,service\n1,a' : ''}`;
        expect(message).toContain(`/port-${name} ${example}`.trim());
        expect((await handler.handle(whole, everywhere)).message, whole).not.toContain('Usage:'); // a handful
      }
    },
  );
});

const everywhere = { conversationId: 'issue-6', codebaseId: 'shop', worktreePath: '/src/shop', cwd: '/src/shop' };

/** Any text, and texts that are nearly commands. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .record({
      name: fc.constantFrom(...chatCommands.map(({ name }) => name), 'x', ''),
      rest: fc.array(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.constantFrom(
            'web',
            'prod',
            '8000',
            '0',
            '"',
            "'",
            '\\',
            '--force',
            '--dry-run',
            '--format',
            '--format=csv',
          ),
          fc.constantFrom(
            '--__proto__',
            '__proto__',
            'constructor',
            '\n',
            '```',
            '--environment',
            'resolve',
            'dismiss',
            'to',
          ),
        ),
        { maxLength: 6 },
      ),
    })
    .map(({ name, rest }) => `/port-${name} ${rest.join(' ')}`),
);
const anyContext = fc.oneof(
  fc.constantFrom(undefined, null, {}, everywhere),
  fc.record({ conversationId: fc.string(), codebaseId: fc.string(), worktreePath: fc.string(), cwd: fc.string() }),
);

describe('whatever is said', () => {
  const isResult = (result: object) => {
    expect(Object.keys(result).sort()).toEqual(
      'modified' in result ? ['message', 'modified', 'success'] : ['message', 'success'],
    );
    expect(result).toMatchObject({ success: expect.any(Boolean), message: expect.stringMatching(/\S/) });
  };

  it('is answered without a registry', async () => {
    const handler = alone();
    const property = fc.asyncProperty(anyText, anyContext, async (text, context) => {
      isResult(await handler.handle(text, context));
    });
    await fc.assert(property, { numRuns: 5_000 });
  });

  it('is answered with one, and leaves it working', async () => {
    const { handler, hear } = await openChat();
    const property = fc.asyncProperty(anyText, anyContext, async (text, context) => {
      const result = await handler.handle(text, context);
      isResult(result);
      expect(result.message).not.toMatch(/Unexpected error|undefined|\[object/);
    });
    await fc.assert(property, { numRuns: 400 });
    expect(await hear('/port-stats')).toContain('| dev | 8000-8999 |');
  });
});
