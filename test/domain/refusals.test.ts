import { describe, expect, it } from 'vitest';
import { unavailableReasons } from '../../src/domain/policy.ts';
import { asPort } from '../../src/domain/port.ts';
import {
  InvalidInput,
  isRefusal,
  NotFound,
  NotOwner,
  PortUnavailable,
  RangeExhausted,
} from '../../src/domain/refusals.ts';
import { allocation, inWorktree, ofCodebase, ports, quay, span } from './seed.ts';

const held = allocation(8000, { owner: inWorktree('/shop') });
const facts = {
  hostName: quay,
  environment: 'dev' as const,
  range: span(8000, 8009),
  port: asPort(8000),
  reasons: [],
  holder: null,
  listener: null,
  suggestions: ports(8001, 8002),
};
const holderSays =
  'Port 8000 on quay is held by the dev service "web" of worktree /shop since 2026-03-01T12:00:00.000Z';

describe('a refusal says the fact, then the remedy', () => {
  it.each([
    [
      'of a held port',
      new PortUnavailable({ ...facts, reasons: ['ALLOCATED'], holder: held }),
      `${holderSays}. Take 8001, 8002, or ask without an exact port.`,
    ],
    [
      'of a port that others see held',
      new PortUnavailable({ ...facts, reasons: ['ALLOCATED'] }),
      'Port 8000 on quay is held. Take 8001, 8002, or ask without an exact port.',
    ],
    [
      'of a port with several reasons against it',
      new PortUnavailable({ ...facts, reasons: ['ALLOCATED', 'RESERVED', 'LISTENING'], holder: held }),
      `${holderSays}. Port 8000 on quay cannot be had: it is reserved (RESERVED_PORTS); something listens on it right now. Take 8001, 8002, or ask without an exact port.`,
    ],
    [
      'of a port in a full range',
      new PortUnavailable({ ...facts, reasons: ['PRIVILEGED'], suggestions: [] }),
      'Port 8000 on quay cannot be had: ports below 1024 need privileges. The dev range has no free port either: release what is no longer used.',
    ],
    [
      'of a full range',
      new RangeExhausted({ hostName: quay, environment: 'test', range: span(7000, 7009), wanted: 1, free: 0 }),
      'No port of the test range 7000-7009 on quay is free: release what is no longer used, or widen the range.',
    ],
    [
      "of somebody else's port",
      new NotOwner(held),
      `${holderSays}: ask its owner, act on the owner's behalf, or use force.`,
    ],
    [
      "of somebody else's port that is up",
      new NotOwner({ ...held, status: 'active', owner: 'codebase:shop' }),
      `Port 8000 on quay is held by the dev service "web" of codebase shop, which was seen listening, since 2026-03-01T12:00:00.000Z: ask its owner, act on the owner's behalf, or use force.`,
    ],
    ['of what is not there', new NotFound('No such thing: make one.'), 'No such thing: make one.'],
    [
      'of input, with every misfit',
      new InvalidInput([
        { path: ['services', '0', 'serviceName'], message: 'Is empty: name it.' },
        { path: [], message: 'Is too long: shorten it.' },
      ]),
      'services.0.serviceName: Is empty: name it. Is too long: shorten it.',
    ],
  ])('%s', (_what, refusal, message) => {
    expect(refusal.message).toBe(message);
    expect(isRefusal(refusal)).toBe(true);
  });

  it.each(unavailableReasons)('with a sentence of its own for %s', (reason) => {
    const messages = unavailableReasons.map((each) => new PortUnavailable({ ...facts, reasons: [each] }).message);
    const { message } = new PortUnavailable({ ...facts, reasons: [reason] });
    expect(messages.filter((each) => each === message)).toHaveLength(1);
    expect(message).toMatch(
      /^Port 8000 on quay .+\. Take 8001, 8002, or ask without an exact port\.( If what listens is the service itself, use force\.)?$/,
    );
  });
});

describe('a refusal', () => {
  it('carries its fields and no stack', () => {
    const { range: _, ...kept } = facts;
    const refusal = new PortUnavailable({ ...facts, reasons: ['ALLOCATED'], holder: held });
    expect({ ...refusal }).toEqual({ ...kept, code: 'PORT_UNAVAILABLE', reasons: ['ALLOCATED'], holder: held });
    expect(refusal.stack).not.toContain('\n    at ');
  });

  it('names the range that a port is outside of', () => {
    const { message } = new PortUnavailable({ ...facts, port: asPort(9000), reasons: ['OUT_OF_RANGE'] });
    expect(message).toContain('it lies outside the dev range 8000-8009.');
  });

  it('leaves the stacks of other errors alone', () => {
    const limit = Error.stackTraceLimit;
    new NotOwner(allocation(8000, { owner: ofCodebase('shop') }));
    expect(Error.stackTraceLimit).toBe(limit);
  });

  it.each([[new Error('a fault')], [null], [undefined], [[]], [{ code: 'NOT_FOUND' }]])('is not %o', (outcome) => {
    expect(isRefusal(outcome)).toBe(false);
  });
});
