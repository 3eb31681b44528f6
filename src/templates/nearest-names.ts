/** Names are compared as far as this; a difference beyond it is no typing mistake. */
const comparedCharacters = 64;

/** The names that are most like a mistyped one, the most similar first; the others are left out. */
export function nearestNames(mistyped: string, names: Iterable<string>, most = 3): string[] {
  const wanted = mistyped.toLowerCase();
  const ranked = [...new Set(names)].map((name) => ({ name, distance: editDistance(wanted, name.toLowerCase()) }));
  return ranked
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

/** Levenshtein's: how many characters are to be put in, taken out or replaced. */
function editDistance(a: string, b: string): number {
  const [from, to] = [a.slice(0, comparedCharacters), b.slice(0, comparedCharacters)];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 0; i < from.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j += 1) {
      const replaced = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
