import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

/** What each folder of src/ may import, beside itself. */
const allowed: Record<string, readonly string[]> = {
  domain: [],
  storage: ['domain'],
  observer: ['domain'],
  interchange: ['domain'],
  registry: ['domain', 'storage', 'observer'],
  feed: ['domain', 'storage'],
  templates: ['domain'],
  schema: ['domain', 'interchange', 'storage', 'registry', 'feed', 'templates'],
  server: ['config.ts', 'domain', 'storage', 'observer', 'registry', 'feed', 'schema'],
  cli: ['config.ts', 'domain', 'interchange', 'storage', 'observer', 'server', 'client', 'commands'],
  client: [],
  commands: ['client'],
};

const importPattern = /(?:from|import\()\s*'(\.[^']+)'/g;

async function importsOf(folder: string): Promise<{ file: string; target: string }[]> {
  const entries = await readdir(join('src', folder), { recursive: true });
  const files = entries.filter((entry) => entry.endsWith('.ts')).map((entry) => join('src', folder, entry));
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(file, 'utf8');
      return [...text.matchAll(importPattern)].map(([, path = '']) => ({
        file,
        target: relative('src', join(dirname(file), path)),
      }));
    }),
  );
  return found.flat();
}

test('every folder of src is covered', async () => {
  const entries = await readdir('src', { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  expect(folders.sort()).toEqual(Object.keys(allowed).sort());
});

test('domain imports no package either', async () => {
  const files = (await readdir('src/domain')).map((name) => join('src/domain', name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  expect(texts.length).toBeGreaterThan(0);
  expect(texts.flatMap((text) => [...text.matchAll(/from\s*'([^.'][^']*)'/g)].map(([, name]) => name))).toEqual([]);
});

test.each(Object.keys(allowed))('%s imports only what lies below it', async (folder) => {
  const imports = await importsOf(folder);
  expect(imports.length).toBeGreaterThan(0);
  const strays = imports.filter(({ target }) => {
    if (target.startsWith('..')) return !target.endsWith('package.json');
    const [top = ''] = target.split('/');
    return top !== folder && !allowed[folder]?.includes(top);
  });
  expect(strays).toEqual([]);
});
