/** A service's name as it is to be typed. */
export const quotedWord = (name: string): string =>
  /^[^\s"'\\-][^\s"'\\]*$/.test(name) ? name : `"${name.replaceAll(/["\\]/g, '\\$&')}"`;
