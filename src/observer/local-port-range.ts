import type { PortSpan } from '../domain/policy.ts';
import { portSpan } from './port-spans.ts';

/** The two numbers of /proc/sys/net/ipv4/ip_local_port_range, and of `sysctl -n` for both ends of macOS's; undefined for any other text. */
export function parseLocalPortRange(text: string): PortSpan | undefined {
  const found = /^\s*(\d+)\s+(\d+)\s*$/.exec(text);
  return found ? portSpan(Number(found[1]), Number(found[2])) : undefined;
}

/** The ports and spans of /proc/sys/net/ipv4/ip_local_reserved_ports, such as `8080,9100-9199`; what is none is left out. */
export function parseReservedPorts(text: string): PortSpan[] {
  return text.split(',').flatMap((part) => {
    const found = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    return found ? (portSpan(Number(found[1]), Number(found[2] ?? found[1])) ?? []) : [];
  });
}
