import SchemaBuilder, { type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { PothosComplexityPlugin } from '@pothos/plugin-complexity';
import type { GraphQLFieldResolver } from 'graphql';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      limits: LimitsPlugin<Types>;
    }
  }
}

/** The complexity plugin checks what is resolved; a subscription would be refused at each of its events instead of once. */
class LimitsPlugin<Types extends SchemaTypes> extends PothosComplexityPlugin<Types> {
  override wrapSubscribe(
    subscribe: GraphQLFieldResolver<unknown, Types['Context'], object> | undefined,
    _field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> | undefined {
    if (!subscribe) return undefined;
    return (parent, args, context, info) => {
      this.checkComplexity(context, info);
      return subscribe(parent, args, context, info);
    };
  }
}

/** Registers the plugin, as Pothos wants it, under the name by which a builder uses it. */
const limitsPlugin = 'limits';
SchemaBuilder.registerPlugin(limitsPlugin, LimitsPlugin);
export default limitsPlugin;
