/**
 * The directory that the link /proc/PID/cwd names, which ends in ` (deleted)` once it was removed
 * (proc_pid_cwd(5)); null where it is none of this file system's paths.
 */
export function parseProcCwd(link: string): string | null {
  const path = link.replace(/ \(deleted\)$/, '');
  return path.startsWith('/') ? path : null;
}
