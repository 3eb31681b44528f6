export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new Error('There is no median of nothing.');
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** Warms up with one round that does not count, then measures so many, each after the one before. */
export async function rounds<Figures>(count: number, round: () => Promise<Figures>): Promise<Figures[]> {
  await round();
  const found: Figures[] = [];
  for (let index = 0; index < count; index++) found.push(await round()); // in turn, so that drift meets all that is compared
  return found;
}
