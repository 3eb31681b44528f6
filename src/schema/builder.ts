import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import type { Port } from '../domain/port.ts';
import type { JsonObject } from '../domain/registry-model.ts';
import type { SchemaContext } from './context.ts';
import { complexityLimits, depthAndWidthError } from './limits.ts';
import LimitsPlugin from './limits-plugin.ts';
import type PrismaTypes from './pothos-prisma-types.ts';
import { getDatamodel } from './pothos-prisma-types.ts';

export interface SchemaTypes {
  Context: SchemaContext;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    Port: { Input: Port; Output: number };
    EventCursor: { Input: number; Output: number };
    JSONObject: { Input: JsonObject; Output: unknown };
    ID: { Input: string; Output: string };
  };
}

/** Everything that the files of this folder add their types to. */
export type Builder = ReturnType<typeof createBuilder>;

/** What the fields of an input are made with. */
export type InputFields = Parameters<Parameters<Builder['inputType']>[1]['fields']>[0];

/** A builder without any types. `strict` makes an unused query plan an error, for tests. */
export function createBuilder({ strict = false } = {}) {
  return new SchemaBuilder<SchemaTypes>({
    // Errors before Prisma, so that a refusal is caught before a query is planned for it.
    plugins: [LimitsPlugin, ErrorsPlugin, RelayPlugin, PrismaPlugin],
    defaultFieldNullability: false,
    prisma: {
      client: (context) => context.prisma,
      dmmf: getDatamodel(),
      exposeDescriptions: true,
      onUnusedQuery: strict ? 'error' : null,
    },
    relay: {
      edgesFieldOptions: {
        nullable: { list: false, items: false },
        complexity: { field: 1, multiplier: 1 },
        description: 'What is on the page, in its order.',
      },
      nodeFieldOptions: { nullable: false, description: 'What stands at this place.' },
      cursorFieldOptions: { description: 'Its place: pages before and after it begin or end there.' },
      pageInfoFieldOptions: { description: 'Where the page lies in the whole list.' },
      pageInfoTypeOptions: { description: 'Where a page lies in the whole list.' },
      hasNextPageFieldOptions: { description: 'Whether more follows; told when reading forwards, with `first`.' },
      hasPreviousPageFieldOptions: { description: 'Whether more precedes; told when reading backwards, with `last`.' },
      startCursorFieldOptions: { description: 'The place of its first item; null where the page is empty.' },
      endCursorFieldOptions: { description: 'The place of its last item; null where the page is empty.' },
      firstArgOptions: { description: 'How many at most, from the beginning or from `after` on.' },
      lastArgOptions: { description: 'How many at most, up to the end or to `before`.' },
      afterArgOptions: { description: 'Only what follows this cursor.' },
      beforeArgOptions: { description: 'Only what precedes this cursor.' },
    },
    errors: { defaultTypes: [], directResult: true },
    complexity: {
      limit: complexityLimits,
      defaultComplexity: 1,
      defaultListMultiplier: 10,
      complexityError: depthAndWidthError,
    },
  });
}
