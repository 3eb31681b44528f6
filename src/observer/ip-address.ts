/** An IPv4 address of four bytes, dotted. */
export function writeIpv4(bytes: readonly number[]): string {
  return bytes.join('.');
}

/**
 * An IPv6 address of sixteen bytes as https://www.rfc-editor.org/rfc/rfc5952 writes it: the longest run of
 * zero groups, the first of several, shortened to `::`, and a mapped IPv4 address dotted (its section 5).
 */
export function writeIpv6(bytes: readonly number[]): string {
  if (isMappedIpv4(bytes)) return `::ffff:${writeIpv4(bytes.slice(12))}`;
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0));
  const { start, length } = longestZeros(groups);
  const write = (some: readonly number[]) => some.map((group) => group.toString(16)).join(':');
  if (length < 2) return write(groups);
  return `${write(groups.slice(0, start))}::${write(groups.slice(start + length))}`;
}

function isMappedIpv4(bytes: readonly number[]): boolean {
  return bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start };
  }
  return longest;
}
