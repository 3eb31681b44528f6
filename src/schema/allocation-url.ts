/** Where a service on a port of a host answers, as seen from the host that is observed. */
export const allocationUrl = ({ hostName, port }: { hostName: string; port: number }, observedHost: string) =>
  `http://${hostName === observedHost ? 'localhost' : hostName}:${port}`;
