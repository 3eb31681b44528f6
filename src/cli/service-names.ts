/** The services that words name: `web api`, and `web,api` as other tools take lists. */
export const serviceNames = (words: readonly string[]): string[] =>
  words.flatMap((word) => word.split(',')).filter((name) => name !== '');
