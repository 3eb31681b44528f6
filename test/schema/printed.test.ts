import { readFile } from 'node:fs/promises';
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSchema } from '../../src/schema/schema.ts';

const schema = createSchema({ strict: true });

interface Described {
  readonly place: string;
  readonly name: string;
  readonly description?: string | null;
}

/** Everything that a person can click on in GraphiQL. */
const everything = Object.values(schema.getTypeMap())
  .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
  .flatMap((type): Described[] => [{ ...type, place: type.name, name: type.name }, ...membersOf(type)]);

function membersOf(type: GraphQLNamedType): Described[] {
  const at = ({ name, description }: Omit<Described, 'place'>, path: string) => ({
    place: `${path}.${name}`,
    name,
    description,
  });
  if (isEnumType(type)) return type.getValues().map((value) => at(value, type.name));
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => at(field, type.name));
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    at(field, type.name),
    ...field.args.map((argument) => at(argument, `${type.name}.${field.name}`)),
  ]);
}

const words = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

describe('the graph', () => {
  it('is what schema.graphql says', async () => {
    const printed = `${printSchema(lexicographicSortSchema(schema))}\n`;
    expect(printed).toBe(await readFile('schema.graphql', 'utf8'));
  });

  it('describes everything by more than its name', () => {
    expect(everything.length).toBeGreaterThan(250);
    const silent = everything.filter(
      ({ name, description }) => !description?.trim() || words(description) === words(name),
    );
    expect(silent.map(({ place }) => place)).toEqual([]);
  });

  it('ends every description with a full stop', () => {
    const open = everything.filter(({ description }) => description && !/[.:]$|Z\.$/.test(description.trim()));
    expect(open.map(({ place }) => place)).toEqual([]);
  });

  it('has no field that is null without saying when', () => {
    const unexplained = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !isIntrospectionType(type))
      .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()).map((field) => ({ type, field })) : []))
      .filter(({ field }) => !String(field.type).endsWith('!') && !/null/i.test(field.description ?? ''));
    expect(unexplained.map(({ type, field }) => `${type.name}.${field.name}`)).toEqual([]);
  });
});
