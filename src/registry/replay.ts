/**
 * Gives the numbers that were drawn before, in their order, then new ones, which it keeps in `draws`:
 * a decision that is asked again after probing comes to the ports that were probed for it.
 */
export function replay(draws: number[], random: () => number): () => number {
  let next = 0;
  return () => {
    const index = next++;
    draws[index] ??= random();
    return draws[index];
  };
}
