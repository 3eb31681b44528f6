const off = new Set(['false', '0', 'no', 'off']);

/** Whether ENABLE_PORT_MANAGEMENT leaves the commands on, which they are unless it says false. */
export function isPortManagementEnabled(environment: NodeJS.ProcessEnv = process.env): boolean {
  return !off.has((environment.ENABLE_PORT_MANAGEMENT ?? '').trim().toLowerCase());
}
