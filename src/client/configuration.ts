import type { Execute } from './execute.ts';
import {
  PortConfigDocument,
  type PortConfigQuery,
  type PortConfigQueryVariables,
  RenderTemplateDocument,
  type RenderTemplateQueryVariables,
} from './gql/graphql.ts';

/** A file's usual name and its content. */
export type RenderedConfig = PortConfigQuery['portConfig'];

/** Files made of the ports of services. Nothing is written to disk. */
export interface ConfigurationOperations {
  /**
   * Configuration for the services whose live allocations match, ready to be written to a file. Throws a
   * `RegistryError`: NOT_FOUND where none matches, INVALID_INPUT where `service` names none of them, or more than one.
   *
   * @example
   * const { filename, content } = await client.portConfig({
   *   where: { worktreePath: process.cwd() },
   *   format: ConfigFormat.DOTENV,
   * });
   */
  portConfig(variables: PortConfigQueryVariables): Promise<RenderedConfig>;
  /**
   * The caller's own text, at most 64 KiB, with `${port.SERVICE}` and `${url.SERVICE}` replaced. Throws a
   * `RegistryError`: NOT_FOUND where nothing matches, INVALID_INPUT where a name is unknown or ambiguous.
   *
   * @example
   * await client.renderTemplate({ where: { worktreePath: process.cwd() }, template: 'API=${url.api}' });
   */
  renderTemplate(variables: RenderTemplateQueryVariables): Promise<string>;
}

export function configurationOperations(execute: Execute): ConfigurationOperations {
  return {
    portConfig: async (variables) => (await execute(PortConfigDocument, variables)).portConfig,
    renderTemplate: async (variables) => (await execute(RenderTemplateDocument, variables)).renderTemplate,
  };
}
