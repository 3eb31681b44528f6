/** The names, in their order, with a number after each that an earlier one has already: `web`, `web-2`. */
export function distinctNames(names: readonly string[], joiner: string): string[] {
  const taken = new Set(names);
  const given = new Set<string>();
  return names.map((name) => {
    if (!given.has(name)) {
      given.add(name);
      return name;
    }
    for (let number = 2; ; number += 1) {
      const numbered = `${name}${joiner}${number}`;
      if (taken.has(numbered)) continue;
      taken.add(numbered);
      return numbered;
    }
  });
}
