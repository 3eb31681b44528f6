import fc from 'fast-check';
import type { Service } from '../../src/templates/service.ts';

/** A service of one worktree, on localhost unless `facts` says otherwise. */
export function service(serviceName: string, port: number, facts: Partial<Service> = {}): Service {
  return {
    serviceName,
    port,
    url: `http://localhost:${port}`,
    environment: 'dev',
    description: null,
    host: 'quay',
    worktreePath: '/wt/shop',
    isPrimary: false,
    isPlaceholder: false,
    ...facts,
  };
}

/** Pieces that end a text, a comment, a command or a cell in one of the formats, or begin something in it. */
const pieces = [
  ...['"', "'", '`', '\\', '$', '${', '$(', '}', ')', '{', '#', '//', '*/', '/*', '|', '||', ';', '&', '=', ',', ':'],
  ...['\n', '\r\n', '\r', '\t', '\0', '\u0085', '\u2028', '\u2029', '\uFEFF', '\u202E', '\uFFFF', '\uD800', '😀'],
  ...[
    '`id`',
    '$(id)',
    '${HOME}',
    '$HOME',
    '%0a',
    '<!--',
    '-->',
    '<b>',
    '[a](b)',
    '***',
    '- ',
    ': ',
    '? ',
    '--- ',
    '&a',
    '*a',
  ],
  ...[
    'PORT=1',
    'export X=1',
    'null',
    'yes',
    '__proto__',
    'constructor',
    'services:',
    'x-',
    '.',
    '_',
    '-',
    ' ',
    'ä',
    '日本',
  ],
  ...['web', 'api', 'a', '1', '0', 'A'],
];

const hostileText = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
);

/** Services whose texts were made up by somebody who wants out of the file. */
export const hostileServices: fc.Arbitrary<Service[]> = fc.uniqueArray(
  fc
    .record({
      serviceName: hostileText,
      port: fc.integer({ min: 1, max: 65_535 }),
      description: fc.option(hostileText),
      host: hostileText,
      environment: fc.constantFrom('dev' as const, 'test' as const, 'production' as const),
      worktreePath: fc.option(hostileText),
      isPrimary: fc.boolean(),
      isPlaceholder: fc.constant(false),
    })
    .map((facts) => ({ ...facts, url: `http://${facts.host}:${facts.port}` })),
  { minLength: 1, maxLength: 6, selector: ({ port }) => port },
);
