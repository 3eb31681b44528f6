import type { LedgerReads } from '../storage/ledger-reads.ts';

/** What several operations of a batch want to see, as one read. */
export function mergeReads(reads: readonly LedgerReads[]): LedgerReads {
  return {
    worktrees: reads.flatMap(({ worktrees = [] }) => worktrees),
    services: reads.flatMap(({ services = [] }) => services),
    ports: reads.flatMap(({ ports = [] }) => ports),
    ids: reads.flatMap(({ ids = [] }) => ids),
    hosts: [...new Set(reads.flatMap(({ hosts = [] }) => hosts))],
    ...mergeRare(reads),
  };
}

/** What few operations ask for, and two in one batch hardly ever. */
function mergeRare(reads: readonly LedgerReads[]): Pick<LedgerReads, 'configuredPorts' | 'history'> {
  const configured = reads.flatMap(({ configuredPorts }) => (configuredPorts ? [configuredPorts] : []));
  const histories = reads.flatMap(({ history }) => history ?? []);
  const [first] = histories;
  const isOfOneHost = histories.every(({ hostName }) => hostName === first?.hostName);
  return {
    ...(configured.length > 0 ? { configuredPorts: configured.flat() } : {}),
    ...(first ? { history: { ...first, hostName: isOfOneHost ? first.hostName : null } } : {}),
  };
}
