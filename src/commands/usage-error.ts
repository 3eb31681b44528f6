/** What was typed does not fit the command. The message is the fact alone. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** The command's usage, without what it is called by: `allocate <service> [dev|test|production] [port] [--force]`. */
  readonly usage: string;
  /** The valid word that is most like the one that was typed; null where none is. */
  readonly nearest: string | null;

  constructor(message: string, usage: string, nearest: string | null = null) {
    super(message);
    this.usage = usage;
    this.nearest = nearest;
  }
}
