/** How the command ends. `run` ends as the command that it ran instead. */
export const exitCodes = {
  ok: 0,
  /** The registry refused, or something is wrong. */
  refused: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** No registry answers, or it does not let us in. */
  unreachable: 3,
} as const;
