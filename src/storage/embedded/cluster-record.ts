import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { lackOf } from './lack.ts';
import { replaceFileDurably } from './sync-files.ts';

/**
 * When the cluster's files were last written. PGlite never syncs them, so they hold what was written only as long
 * as the machine has not started anew, or if they were synced after the cluster was closed.
 */
const clusterRecord = z.object({
  /** The start of the machine (`readBootId`) on which they were written; null where that cannot be known. */
  boot: z.string().nullable(),
  /** Whether the cluster was closed, and every file of it synced, since it was last written. */
  isSynced: z.boolean(),
  /** Whether it is still being filled from the journal: nothing in it counts until it is not. Default: false. */
  isFilling: z.boolean().optional(),
});

export type ClusterRecord = z.infer<typeof clusterRecord>;

/** Whether the files of a cluster are as they were last written. Without a record they are not. */
export function isCurrent(record: ClusterRecord | undefined, boot: string | null): boolean {
  if (!record || record.isFilling) return false;
  return record.isSynced || (record.boot !== null && record.boot === boot);
}

/** The record in a file; undefined where there is none, or something else. Throws where the machine does not let it be read. */
export async function readClusterRecord(path: string): Promise<ClusterRecord | undefined> {
  try {
    return clusterRecord.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (lackOf(error) !== undefined) throw error;
    return undefined;
  }
}

/** When it returns, the record survives a power cut. */
export function writeClusterRecord(path: string, record: ClusterRecord): Promise<void> {
  return replaceFileDurably(path, `${JSON.stringify(record)}\n`);
}

const execute = promisify(execFile);

/** Identifies the running start of the machine; null on systems that have no such identifier, such as Windows. */
export async function readBootId(): Promise<string | null> {
  try {
    if (process.platform === 'linux') return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim() || null;
    if (process.platform !== 'darwin') return null;
    const { stdout } = await execute('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], { timeout: 2_000 });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}
