/** Words are compared as far as this; a difference beyond it is no typing mistake. */
const comparedCharacters = 40;

/** How far a word may be from what was typed: of a short one, two letters are most of it. */
const likely = (word: string) => (word.length < 5 ? 1 : Math.max(2, word.length / 2));

/** The word that is most like a mistyped one; null where none is like it. */
export function nearestWord(mistyped: string, words: readonly string[]): string | null {
  const wanted = mistyped.toLowerCase().slice(0, comparedCharacters);
  const near = words
    .map((word) => ({ word, distance: editDistance(wanted, word.toLowerCase()) }))
    .filter(({ word, distance }) => distance <= likely(word))
    .sort((a, b) => a.distance - b.distance);
  const completed = words.find((word) => wanted.length > 1 && word.toLowerCase().startsWith(wanted));
  return completed ?? near[0]?.word ?? null;
}

/** Levenshtein's: how many characters are to be put in, taken out or replaced. */
function editDistance(from: string, to: string): number {
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
