import { expect } from 'vitest';
import type { GraphClient } from '../support/graph-client.ts';

/** What a mutation answered: the name of its member and the fields that were asked for. */
export type Member = Readonly<Record<string, unknown>> & { readonly __typename: string };

const refusals = `
  ... on Error { code message }
  ... on PortUnavailable { port reasons suggestions holder { port serviceName } listener { port } }
  ... on RangeExhausted { range { environment start end size used available utilization } }
  ... on NotOwner { holder { port serviceName worktree { path } } }
  ... on InvalidInput { issues { path message } }`;

/** The type that each mutation takes. */
const inputTypes = {
  allocatePort: 'AllocatePortInput',
  allocatePorts: 'AllocatePortsInput',
  registerPort: 'RegisterPortInput',
  releasePort: 'ReleasePortInput',
  transferPorts: 'TransferPortsInput',
  registerCodebase: 'RegisterCodebaseInput',
  registerWorktree: 'RegisterWorktreeInput',
  removeWorktree: 'RemoveWorktreeInput',
} as const;

export type Mutation = keyof typeof inputTypes;

/** Runs one mutation, asking for every refusal whole and for these fields of the success. */
export const mutate = (
  client: GraphClient,
  mutation: Mutation,
  input: Record<string, unknown>,
  success = '',
): Promise<Member> =>
  run(client, mutation, { declared: `$input: ${inputTypes[mutation]}!`, given: 'input: $input' }, { input }, success);

/** Runs resolveConflict, the one that takes no input object. */
export const resolveConflict = (
  client: GraphClient,
  id: string,
  action: 'ADOPT' | 'REALLOCATE' | 'RELEASE' | 'DISMISS',
  success = '',
): Promise<Member> => {
  const parameters = { declared: '$id: ID!, $action: ConflictAction!', given: 'id: $id, action: $action' };
  return run(client, 'resolveConflict', parameters, { id, action }, success);
};

async function run(
  client: GraphClient,
  mutation: string,
  parameters: { readonly declared: string; readonly given: string },
  variables: Record<string, unknown>,
  success: string,
): Promise<Member> {
  const members = await membersOf(client, mutation);
  const spread = refusals
    .split('\n')
    .filter((line) => members.some((member) => line.includes(`on ${member} `)) || line.includes('on Error'))
    .join('\n');
  const query = `mutation (${parameters.declared}) { ${mutation}(${parameters.given}) { __typename ${success} ${spread} } }`;
  const { data, errors } = await client.post<Record<string, Member>>(query, variables);
  expect(errors).toBeUndefined();
  return data[mutation] ?? expect.fail('There is no answer.');
}

/** The members of the union that a mutation answers with, as the graph says. */
async function membersOf(client: GraphClient, mutation: string): Promise<string[]> {
  const name = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Result`;
  const { data } = await client.post<{ __type: { possibleTypes: { name: string }[] } }>(
    `{ __type(name: "${name}") { possibleTypes { name } } }`,
  );
  return data.__type.possibleTypes.map((type) => type.name);
}
