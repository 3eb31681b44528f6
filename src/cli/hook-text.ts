import { putBlock, shellFence, takeBlockOut } from './fenced-block.ts';

/** What a hook is to call. */
export interface HookCall {
  /** Node, its flags, and this installation's program, by absolute paths. */
  readonly program: readonly string[];
  readonly services: readonly string[];
}

/** How a hook begins that is nobody's but ours. */
const ownHook = '#!/bin/sh\n# Made by wharfinger hooks install, and removed with its block.\n';

/** With arguments and `env` or without. Other shells do not read what a POSIX shell reads. */
const shellShebang = /^#![ \t]*(?:\S*\/env[ \t]+(?:-S[ \t]+)?)?(?:\S*\/)?(?:ba|da|a|z|k|mk)?sh(?:[ \t\r]|$)/;

/** As `#!/bin/sh` does with `exec python3 "$0"` below it: then another program reads all lines. */
const handsItselfOver = /exec\b.*\$\{?0/;

/**
 * The post-checkout hook with the block that calls Wharfinger, in the place of the one that it has; null where there is none yet.
 * Undefined where it is no shell script, which a block would break. The block comes first: an `exit` below cannot skip it, and
 * it leaves variables, arguments, standard input and status as they were.
 */
export function withHook(existing: string | null, call: HookCall): string | undefined {
  const text = existing ?? ownHook;
  if (!shellShebang.test(text.split('\n', 1)[0] ?? '')) return undefined;
  if (handsItselfOver.test(takeBlockOut(text, shellFence))) return undefined;
  return putBlock(text, blockLines(call), shellFence, 'second-line');
}

/** The hook as it was before it got its block; null where nothing would be left of it but what we made. */
export function withoutHook(existing: string): string | null {
  const rest = takeBlockOut(existing, shellFence);
  return rest === ownHook ? null : rest;
}

/**
 * In a subshell, so that nothing of it reaches the rest. Git gives the former commit first: all zeros where a worktree
 * is new. An installation that has moved since is looked for on the PATH.
 */
function blockLines({ program, services }: HookCall): string[] {
  const words = argumentsOf(services);
  const [node = '', main = ''] = [program[0], program.at(-1)].map((path = '') => quote(path));
  return [
    '# Gives a new worktree its ports. Written by wharfinger hooks install; wharfinger hooks remove takes it out.',
    '(',
    `  case "\${1-}" in "" | *[!0]*) exit ;; esac`,
    `  if [ "\${WHARFINGER_HOOKS-}" = off ]; then exit; fi`,
    `  if [ -x ${node} ] && [ -f ${main} ]; then`,
    `    exec ${program.map(quote).join(' ')} ${words}`,
    '  elif command -v wharfinger >/dev/null 2>&1; then',
    `    exec wharfinger ${words}`,
    '  fi',
    ') </dev/null >/dev/null || :',
  ].map(inBytes);
}

/** What somebody can put into a hook of their own. */
export const hookCommand = ({ program, services }: HookCall) =>
  `${program.map(quote).join(' ')} ${argumentsOf(services)}`;

/** What a `wharfinger` is to be given, as words of a shell. */
export function argumentsOf(services: readonly string[]): string {
  const named = services.length > 0 ? ['--', ...services.map(quote)] : [];
  return ['hooks run post-checkout', ...named].join(' ');
}

/** A word for a POSIX shell, whatever is in it. */
const quote = (text: string) => (/^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** A character for each byte, as the rest of the hook is. */
const inBytes = (text: string) => Buffer.from(text).toString('latin1');
