// Prints the graph to schema.graphql; with --check, only says whether the file is what would be printed.
import { readFile, writeFile } from 'node:fs/promises';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema } from '../src/schema/schema.ts';

const printed = `${printSchema(lexicographicSortSchema(createSchema()))}\n`;
if (!process.argv.includes('--check')) {
  await writeFile('schema.graphql', printed);
} else if ((await readFile('schema.graphql', 'utf8')) !== printed) {
  process.stderr.write('schema.graphql is not what the code says: run npm run generate.\n');
  process.exitCode = 1;
}
