import type { PortSpan } from '../domain/policy.ts';
import { portSpan } from './port-spans.ts';

/**
 * The span in the output of `netsh int ipv4 show dynamicport tcp`, whose words are in the system's language:
 * the numbers at the ends of two lines, the first port and how many there are. Undefined for any other text.
 */
export function parseDynamicPort(text: string): PortSpan | undefined {
  const [start, count, ...more] = [...text.matchAll(/(\d+)\s*$/gm)].map(([, number]) => Number(number));
  if (start === undefined || count === undefined || more.length > 0) return undefined;
  return portSpan(start, start + count - 1);
}
