// This file is what `wharfinger/client` gives: the client, and the chat commands on top of it.
export * from './client/client.ts';
export {
  type ChatContext,
  type CommandResult,
  createPortCommandHandler,
  type PortCommandHandler,
  type PortCommandOptions,
} from './commands/handler.ts';
export type {
  ConfigFormatName,
  EnvironmentName,
  PlaceFunctions,
  ReservationMetadata,
} from './commands/place-functions.ts';
export type { WorktreeAnswer } from './commands/worktree-answers.ts';
export type { CreatedWorktree, RemovedWorktree, WorktreeCodebase } from './commands/worktree-notices.ts';
