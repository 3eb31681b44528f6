import { allocate } from './allocate.ts';
import { backfill } from './backfill.ts';
import { check } from './check.ts';
import { cleanup } from './cleanup.ts';
import type { Command } from './command.ts';
import { config } from './config.ts';
import { conflicts } from './conflicts.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { list } from './list.ts';
import { register } from './register.ts';
import { release } from './release.ts';
import { stats } from './stats.ts';
import { transfer } from './transfer.ts';

/** Every command that is the same in a chat and in a terminal, in the order in which help shows them. */
export const commands: readonly Command[] = [
  allocate,
  list,
  release,
  check,
  config,
  cleanup,
  register,
  stats,
  conflicts,
  transfer,
  exportCommand,
  importCommand,
  backfill,
];
