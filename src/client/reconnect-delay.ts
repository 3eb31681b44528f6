const firstDelayMs = 100;
const longestDelayMs = 10_000;

/**
 * How long to wait after so many failures in a row, in milliseconds: twice as long each time, up to
 * 10 s, of which a random half so that clients do not come back all at once.
 */
export function reconnectDelay(failures: number, random: () => number = Math.random): number {
  const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.max(0, failures - 1));
  return delay * (0.5 + random() / 2);
}
