import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSchema } from '../src/schema/schema.ts';

/** The blocks of a language in a Markdown file. */
async function blocksOf(file: string, language: string): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, block]) =>
    name === language && block ? [block] : [],
  );
}

const files = [
  'README.md',
  ...(await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
];

describe('the documentation', () => {
  it('shows operations that the graph takes', async () => {
    const schema = createSchema();
    const blocks = (await Promise.all(files.map((file) => blocksOf(file, 'graphql')))).flat();
    expect(blocks.length).toBeGreaterThan(10);
    for (const block of blocks) expect(validate(schema, parse(block)), block).toEqual([]);
  });

  it('leads only to files that are there', async () => {
    for (const file of files) {
      const text = await readFile(file, 'utf8'); // a handful
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
        await expect(readFile(join(file, '..', target)), `${target} in ${file}`).resolves.toBeDefined();
      }
    }
  });
});
