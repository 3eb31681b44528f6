import SchemaBuilder, { type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { PothosComplexityPlugin } from '@pothos/plugin-complexity';
import type { GraphQLFieldResolver } from 'graphql';
import type { SchemaContext } from './context.ts';
import { subscriptionComplexityError } from './limits.ts';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      limits: LimitsPlugin<Types>;
    }
  }
}

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>;

/**
 * The complexity plugin, which refuses operations by what they ask for, and what bounds them while they are executed:
 * the operation's turn, and the size of its answer.
 */
class LimitsPlugin<Types extends SchemaTypes> extends PothosComplexityPlugin<Types> {
  /** The complexity plugin checks what is resolved; a subscription would be refused at each of its events instead of once. */
  override wrapSubscribe(
    subscribe: Resolver<Types> | undefined,
    _field: PothosOutputFieldConfig<Types>,
  ): Resolver<Types> | undefined {
    if (!subscribe) return undefined;
    return (parent, args, context, info) => {
      this.checkComplexity(context, info);
      const { complexity } = this.complexityCache(context, info);
      const tooLarge = subscriptionComplexityError(complexity);
      if (tooLarge) throw tooLarge;
      return subscribe(parent, args, context, info);
    };
  }

  override wrapResolve(resolver: Resolver<Types>, field: PothosOutputFieldConfig<Types>): Resolver<Types> {
    const counted = count(resolver, field.type.kind === 'List' ? field.type.type.kind : field.type.kind);
    switch (field.kind) {
      case 'Query':
      case 'Mutation': {
        const kind = field.kind === 'Query' ? 'query' : 'mutation';
        return (parent, args, context, info) => {
          this.checkComplexity(context, info);
          const { complexity } = this.complexityCache(context, info);
          return executionOf(context).run({ complexity, kind }, () => counted(parent, args, context, info));
        };
      }
      case 'Subscription':
        return (parent, args, context, info) => {
          executionOf(context).allowance.forgetBytes();
          return counted(parent, args, context, info);
        };
      default:
        return counted;
    }
  }
}

const executionOf = (context: object) => (context as SchemaContext).execution; // the builder's context

/** Counts what a field adds to the answer: its name, and its value where that has no fields. */
function count<Context extends object>(
  resolver: GraphQLFieldResolver<unknown, Context, object>,
  kind: string,
): GraphQLFieldResolver<unknown, Context, object> {
  const isLeaf = kind === 'Scalar' || kind === 'Enum';
  return (parent, args, context, info) => {
    const execution = executionOf(context);
    execution.allowance.addBytes(String(info.path.key).length + punctuation);
    const finish = (value: unknown) => {
      if (isLeaf) execution.allowance.addBytes(sizeOf(value));
      return !isLeaf && Array.isArray(value) ? execution.list(value) : value;
    };
    const value = resolver(parent, args, context, info);
    return value instanceof Promise ? value.then(finish) : finish(value);
  };
}

/** The quotation marks, colon and comma around a name. */
const punctuation = 4;
/** A number, a moment, a truth value. */
const shortValue = 24;

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return shortValue;
  return Object.entries(value).reduce(
    (sum, [name, each]) => sum + Buffer.byteLength(name) + punctuation + sizeOf(each),
    0,
  );
}

/** Registers the plugin, as Pothos wants it, under the name by which a builder uses it. */
const limitsPlugin = 'limits';
SchemaBuilder.registerPlugin(limitsPlugin, LimitsPlugin);
export default limitsPlugin;
