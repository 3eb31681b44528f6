import type { Execute } from './execute.ts';
import {
  ExportRegistryDocument,
  type ExportRegistryQueryVariables,
  ImportRegistryDocument,
  type ImportRegistryMutation,
  type ImportRegistryMutationVariables,
} from './gql/graphql.ts';

export type ImportRegistryResult = ImportRegistryMutation['importRegistry'];
/** What became of each row of a file. */
export type ImportReport = Extract<ImportRegistryResult, { __typename: 'ImportReport' }>;

/** The registry as a file, and back. */
export interface InterchangeOperations {
  /**
   * The registry as a file's text. As JSON it is complete, unless `where` says which allocations are wanted; other
   * formats tell the live ones.
   *
   * @example
   * await writeFile('ports.md', await client.exportRegistry({ format: RegistryFormat.MARKDOWN }));
   */
  exportRegistry(variables: ExportRegistryQueryVariables): Promise<string>;
  /**
   * Registers what a file says, each row where nothing stands against it, or with `atomic` all of them or none. With
   * `dryRun` it says the same and changes nothing. Repeating it is safe. A text of more than about 1 MiB is refused:
   * import it in parts.
   *
   * @example
   * const result = await client.importRegistry({ format: RegistryFormat.CSV, content: await readFile('ports.csv', 'utf8') });
   * if (isRefusal(result)) throw new Error(result.message);
   * for (const { line, outcome, message } of result.rows) console.log(line, outcome, message);
   */
  importRegistry(variables: ImportRegistryMutationVariables): Promise<ImportRegistryResult>;
}

export function interchangeOperations(execute: Execute): InterchangeOperations {
  return {
    exportRegistry: async (variables) => (await execute(ExportRegistryDocument, variables)).exportRegistry,
    importRegistry: async (variables) => (await execute(ImportRegistryDocument, variables)).importRegistry,
  };
}
