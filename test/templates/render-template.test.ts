import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/domain/refusals.ts';
import { renderTemplate } from '../../src/templates/render-template.ts';
import { hostileServices, service } from './services.ts';

const services = [
  service('web', 8001),
  service('api', 8002, { url: 'http://mole:8002' }),
  service('my service', 8003),
  service('a } "name" \\', 8004),
  service('feature/cart.x', 8005),
];

const issuesOf = (template: string, found = services) => {
  try {
    renderTemplate(template, found);
  } catch (error) {
    if (error instanceof InvalidInput) return error.issues.map(({ message }) => message);
    throw error;
  }
  return expect.fail('It is not refused.');
};

describe('a template', () => {
  it.each([
    ['', ''],
    ['no ports', 'no ports'],
    ['${port.web}', '8001'],
    ['${url.web}', 'http://localhost:8001'],
    ['${url.api}/v1', 'http://mole:8002/v1'],
    ['a${port.web}b${port.api}c', 'a8001b8002c'],
    ['${port.web}${port.web}', '80018001'],
    ['${port.my service}', '8003'],
    ['${port."my service"}', '8003'],
    ['${port."a } \\"name\\" \\\\"}', '8004'],
    ['${port.feature/cart.x}', '8005'],
    ['${HOME} $HOME ${PORT:-8000} ${port} ${ports.web} ${Port.web} $port.web ${ port.web }', undefined],
    ['`${x.url.web}` ${"port".web}', undefined],
    ['$${port.web}', '${port.web}'],
    ['$${url."web"} and ${url.web}', '${url."web"} and http://localhost:8001'],
    ['$${port.none}', '${port.none}'],
    ['$$${port.web}', '$${port.web}'],
    ['$${HOME} $$ $${{ x }}', undefined],
    ['{{port.web}} #{port.web}', undefined],
    ['line\r\n${port.web}\r\n', 'line\r\n8001\r\n'],
    ["$& $1 $` $' ${port.web}", "$& $1 $` $' 8001"],
  ])('%j becomes %j', (template, rendered = template) => {
    expect(renderTemplate(template, services)).toBe(rendered);
  });

  it('is refused with every line on which a name is unknown, and the nearest ones', () => {
    expect(issuesOf('${port.wbe}\n${port.web}\n\n${url.apii}')).toEqual([
      expect.stringMatching(/^Line 1: None of .* "wbe"\. The nearest are: "web", "api", .*\$\$\{ instead of/),
      expect.stringMatching(/^Line 4: None of .* "apii"\. The nearest are: "api", /),
    ]);
  });

  it.each([
    '${port.}',
    '${port.web',
    '${port."web}',
    '${port."web"',
    '${port.""}',
    '${port.a{b}',
    '${port."\\x"}',
    '${url.\n}',
  ])('is refused where a name is missing or has no end: %j', (template) => {
    expect(issuesOf(template)).toEqual([expect.stringMatching(/^Line 1: .* names no service: it is written/)]);
  });

  it.each([
    ['host', { host: 'mole' }],
    ['worktreePath', { worktreePath: '/wt/cart' }],
    ['environments', { environment: 'test' as const }],
    ['codebaseId, conversationId or ports', {}],
  ])('is refused where two allocations bear the name, and says to add %s', (remedy, facts) => {
    const found = [service('web', 8001), service('web', 8009, facts), service('api', 8002)];
    expect(issuesOf('${port.web}', found)).toEqual([
      expect.stringMatching(new RegExp(`^Line 1: 2 of .* "web": .* Add ${remedy} to where\\.$`)),
    ]);
    expect(renderTemplate('${port.api}', found)).toBe('8002');
  });

  it('tells ten mistakes at most, and each once', () => {
    const template = Array.from({ length: 40 }, (_, index) => `\${port.x${index % 20}}`).join('\n');
    expect(issuesOf(template)).toHaveLength(10);
  });

  it('is refused or rendered, whatever is in it', () => {
    const piece = fc.constantFrom(
      '$',
      '${',
      '}',
      '"',
      '\\',
      'port.',
      'url.',
      'web',
      '${port.web}',
      '${url."web"}',
      '\n',
      ' ',
      '{',
    );
    const text = fc.oneof(
      fc.array(piece).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, (template) => {
        try {
          expect(typeof renderTemplate(template, services)).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInput);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds every service by its quoted name', () => {
    fc.assert(
      fc.property(hostileServices, (found) => {
        const [one] = found;
        const isOnly = found.filter(({ serviceName }) => serviceName === one?.serviceName).length === 1;
        fc.pre(one !== undefined && isOnly && !/[\r\n]/.test(one.serviceName));
        const quoted = one.serviceName.replaceAll(/["\\]/g, (mark) => `\\${mark}`);
        expect(renderTemplate(`<\${port."${quoted}"}>`, found)).toBe(`<${one.port}>`);
      }),
    );
  });

  it('takes the time of its length, however it nests', () => {
    const length = 64 * 1_024;
    for (const piece of ['${port."', '${port.', '$', '${port."\\', '${url.web}', '${port.x']) {
      const template = piece.repeat(length / piece.length);
      const start = process.cpuUsage();
      try {
        renderTemplate(template, services);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidInput);
      }
      expect(process.cpuUsage(start).user, piece).toBeLessThan(2_000_000);
    }
  });
});
