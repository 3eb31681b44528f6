interface Said {
  readonly message: string;
  readonly issues?: readonly { readonly path: readonly string[]; readonly message: string }[];
}

/** What the members of inputs are to a person; of the others, the message says enough. */
const subjects: Readonly<Record<string, string>> = {
  serviceName: "The service's name",
  worktreePath: "The worktree's path",
  path: "The worktree's path",
  branch: 'The branch',
  codebaseId: "The codebase's id",
  conversationId: "The conversation's id",
  description: 'The description',
  content: 'The text',
  host: "The host's name",
};

/** What a refusal says, without what only whoever writes queries knows: the paths of inputs, and names of mutations. */
export function sayRefusal({ message, issues = [] }: Said): string {
  const said = issues.map((issue) => {
    const subject = subjects[issue.path.at(-1) ?? ''];
    return subject ? `${subject} does not fit. ${issue.message}` : issue.message;
  });
  return (said.length > 0 ? said.join(' ') : message)
    .replaceAll(/ \([a-z]+(?:[A-Z][a-z]+)+\)/g, '')
    .replaceAll(': resolve it before you send it', '');
}
