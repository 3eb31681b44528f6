/** Whose child a process is. */
export interface Lineage {
  /** The parent's process id; 0 for none that can be seen. */
  readonly parent: number;
  /** What only processes of one session have in common; two that share none are taken to be of different ones. */
  readonly sessionMarks: readonly string[];
}

/** Deeper than any shell in a shell goes, and an end where ids that were given anew form a ring. */
const mostAncestors = 32;

/**
 * The process ids of a process's ancestors, nearest first: its parent in any case, further ones only while
 * they are of its own session. A shell belongs to the same work as what it started; the desktop or service
 * manager above it, of another session, has started everything.
 */
export function ancestorsOf(processId: number, lineageOf: (processId: number) => Lineage | undefined): number[] {
  const own = lineageOf(processId);
  const ancestors: number[] = [];
  let next = own?.parent ?? 0;
  while (next > 0 && ancestors.length < mostAncestors) {
    const lineage = lineageOf(next);
    const isOfSession = lineage?.sessionMarks.some((mark) => own?.sessionMarks.includes(mark));
    if (ancestors.length > 0 && !isOfSession) break;
    ancestors.push(next);
    next = lineage?.parent ?? 0;
  }
  return ancestors;
}
