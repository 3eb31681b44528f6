/** What the server asks its child process. */
export type Question = { readonly id: number } & (
  | { readonly kind: 'find'; readonly path: string }
  /** The ports that the environment files of a worktree name. */
  | { readonly kind: 'ports'; readonly path: string }
);

/** Sent to the child process: together what was asked in the same moment, or what is known not to answer, when it starts. */
export type ToChild = { readonly questions: readonly Question[] } | { readonly silent: readonly string[] };

/** Sent by the child process. */
export type FromChild =
  | { readonly id: number; readonly answer: unknown }
  /** All directories that do not answer now. */
  | { readonly silent: readonly string[] }
  /** So many of its threads hang that it had better be replaced. */
  | { readonly worn: true };
