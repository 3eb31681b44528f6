import type { Harbour } from './harbour.ts';

const report = `
  ... on ImportReport {
    dryRun applied created unchanged conflicting invalid
    rows { line port serviceName outcome message holder { port serviceName } allocation {
      port serviceName environment host { name } codebase { id name } worktree { path branch } liveness url conflicts { id }
    } }
  }
  ... on Error { code message }
  ... on InvalidInput { issues { path message } }`;

interface Report {
  readonly __typename: string;
  readonly created: number;
  readonly unchanged: number;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** What `importRegistry` answers to `variables`. */
export async function importInto(
  { ask }: Pick<Harbour, 'ask'>,
  variables: Readonly<Record<string, unknown>>,
): Promise<Report> {
  const declared =
    '$format: RegistryFormat!, $content: String!, $host: String, $dryRun: Boolean! = false, $atomic: Boolean! = false, $environment: Environment';
  const given =
    'format: $format, content: $content, host: $host, dryRun: $dryRun, atomic: $atomic, environment: $environment';
  const { importRegistry } = await ask<{ importRegistry: Report }>(
    `mutation (${declared}) { importRegistry(${given}) { __typename ${report} } }`,
    variables,
  );
  return importRegistry;
}
