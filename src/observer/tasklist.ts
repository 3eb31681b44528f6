/** The programs' names by process id in the output of `tasklist /FO CSV /NH`: lines such as `"node.exe","4242","Console","1","84,528 K"`. */
export function parseTasklist(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const found = /^"([^"]+)","(\d+)"/.exec(line.trim());
    if (found?.[1]) names.set(Number(found[2]), found[1]);
  }
  return names;
}
