import { describe, expect, it } from 'vitest';
import { type CodebaseRegistration, decideCodebaseRegistration } from '../../src/domain/codebases.ts';
import { asPort } from '../../src/domain/port.ts';
import { codebase, fromNoon, seed } from './seed.ts';

const url = 'https://git.example/shop';
const later = fromNoon(60_000);
const shop = codebase('1', {
  name: 'shop',
  repositoryUrl: url,
  defaultCwd: '/src/shop',
  primaryPort: asPort(8000),
  servicePorts: { api: asPort(8001) },
});
const local = codebase('2', { name: 'notes', defaultCwd: '/src/notes' });

const registration = (facts: Partial<CodebaseRegistration> = {}): CodebaseRegistration => ({
  id: undefined,
  name: 'shop',
  repositoryUrl: undefined,
  defaultCwd: undefined,
  ports: undefined,
  ...facts,
});

function register(facts: Partial<CodebaseRegistration>) {
  const { ledger } = seed({ codebases: [shop, local], now: later });
  return { outcome: decideCodebaseRegistration(registration(facts), ledger), changes: ledger.changes(), ledger };
}

describe('registering a codebase', () => {
  it('creates it with what was said', () => {
    const ports = { primaryPort: asPort(8005), servicePorts: { web: asPort(8006) } };
    const facts = { id: 'bank', name: 'Bank', repositoryUrl: 'https://git.example/bank', defaultCwd: '/src/bank' };
    const { outcome, changes, ledger } = register({ ...facts, ports });
    const created = { ...facts, ...ports, createdAt: later };
    expect(outcome).toEqual({ codebase: created, created: true });
    expect(changes.codebases).toEqual([created]);
    expect(ledger.catalog.isConfiguredElsewhere(8006, null)).toBe(true);
  });

  it('gives it an id, no directory and no ports where nothing is said of them', () => {
    expect(register({ name: 'inn' }).outcome).toEqual({
      codebase: codebase('new 1', { name: 'inn', createdAt: later }),
      created: true,
    });
  });

  it.each([
    ['by its id', { id: '1', name: 'Shop' }, '1'],
    ['by its URL', { name: 'Shop', repositoryUrl: url }, '1'],
    ['by its name and directory', { name: 'notes', defaultCwd: '/src/notes' }, '2'],
  ])('finds it %s, and renames it', (_how, facts, id) => {
    expect(register(facts).outcome).toMatchObject({ created: false, codebase: { id, name: facts.name } });
  });

  it.each([
    ['a name alone', { name: 'notes' }],
    ['a name and another directory', { name: 'notes', defaultCwd: '/src/other' }],
    ['the name and the directory of one that has a URL', { name: 'shop', defaultCwd: '/src/shop' }],
    [
      'an unknown URL, whatever the name',
      { name: 'notes', defaultCwd: '/src/notes', repositoryUrl: 'https://git.example/n' },
    ],
    ['an unknown id', { id: '3', name: 'notes', defaultCwd: '/src/notes' }],
  ])('takes for another one %s', (_what, facts) => {
    expect(register(facts).outcome).toMatchObject({ created: true });
  });

  it('keeps what is not said', () => {
    expect(register({ id: '1' }).outcome).toEqual({ codebase: shop, created: false });
  });

  it.each([
    ['the URL', { repositoryUrl: null }, { repositoryUrl: null }],
    ['the directory', { defaultCwd: null }, { defaultCwd: null }],
    ['the ports', { ports: null }, { primaryPort: null, servicePorts: {} }],
  ])('clears %s where it is null', (_what, facts, expected) => {
    expect(register({ id: '1', ...facts }).outcome).toEqual({ codebase: { ...shop, ...expected }, created: false });
  });

  it('puts new ports in the place of the old ones', () => {
    const ports = { primaryPort: null, servicePorts: { api: asPort(8009) } };
    const { outcome, ledger } = register({ id: '1', ports });
    expect(outcome).toMatchObject({ codebase: { ...ports, repositoryUrl: url } });
    const kept = [8000, 8001, 8009].map((port) => ledger.catalog.isConfiguredElsewhere(port, null));
    expect(kept).toEqual([false, false, true]);
  });

  it.each([['2'], ['3']])('is refused for the id %s with the URL of another', (id) => {
    const { outcome, changes } = register({ id, repositoryUrl: url });
    expect(outcome).toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: ['repositoryUrl'] }] });
    expect(outcome).toHaveProperty('message', expect.stringContaining(`${url} is registered as the codebase 1`));
    expect(changes.codebases).toEqual([]);
  });
});
