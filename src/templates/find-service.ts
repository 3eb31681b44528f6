import { InvalidInput } from '../domain/refusals.ts';
import { nearestNames } from './nearest-names.ts';
import { oneLine } from './plain-text.ts';
import type { Service } from './service.ts';

/** The one service of a name; refused, as a misfit at `path`, where none or more than one has it. */
export function findService<Named extends Service>(
  services: readonly Named[],
  name: string,
  path: readonly string[],
): Named {
  const found = services.filter(({ serviceName }) => serviceName === name);
  const [service, another] = found;
  if (!service) throw new InvalidInput([{ path, message: explainUnknown(services, name) }]);
  if (another) throw new InvalidInput([{ path, message: explainAmbiguous(found, name) }]);
  return service;
}

/** Why a name cannot be used, and which to use instead. */
export function explainUnknown(services: readonly Service[], name: string): string {
  const near = nearestNames(
    name,
    services.map(({ serviceName }) => serviceName),
  );
  const names = near.map((each) => JSON.stringify(each)).join(', ');
  return `None of the allocations that match is for a service ${JSON.stringify(oneLine(name))}. The nearest are: ${names}.`;
}

const mostListed = 5;

/** Which allocations share a name, and what tells them apart. */
export function explainAmbiguous(found: readonly Service[], name: string): string {
  const listed = found.slice(0, mostListed).map(({ port, host, worktreePath, environment }) => {
    const owner = worktreePath === null ? '' : ` of worktree ${worktreePath}`;
    return `${environment} port ${port}${owner} on ${host}`;
  });
  const more = found.length > mostListed ? ` and ${found.length - mostListed} more` : '';
  const differ = (of: (service: Service) => string | null) => new Set(found.map(of)).size > 1;
  const conditions = [
    ...(differ(({ host }) => host) ? ['host'] : []),
    ...(differ(({ worktreePath }) => worktreePath) ? ['worktreePath'] : []),
    ...(differ(({ environment }) => environment) ? ['environments'] : []),
  ];
  const remedy = conditions.length > 0 ? conditions.join(' or ') : 'codebaseId, conversationId or ports';
  return `${found.length} of the allocations that match are for a service ${JSON.stringify(oneLine(name))}: ${listed.join('; ')}${more}. Add ${remedy} to where.`;
}
