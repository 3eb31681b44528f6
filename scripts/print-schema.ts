import { writeFile } from 'node:fs/promises';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema } from '../src/schema/schema.ts';

await writeFile('schema.graphql', `${printSchema(lexicographicSortSchema(createSchema()))}\n`);
