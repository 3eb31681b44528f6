import { readEnvPorts } from '../env-ports.ts';
import { FileCalls } from './file-calls.ts';
import { PathFinder } from './find-path.ts';
import { asGiven } from './found-path.ts';
import type { FromChild, Question, ToChild } from './messages.ts';
import { SilentPaths } from './silent-paths.ts';

/**
 * The process that asks file systems which may not answer, so that the threads that hang are not the server's. It ends
 * with the server: by no signal that a terminal or a service manager sends to both, since requests may be running still.
 */
const threads = Number(process.env.UV_THREADPOOL_SIZE);

const send = (message: FromChild) => process.send?.(message);
const silent = new SilentPaths(() => send({ silent: silent.list() }));
const calls = new FileCalls();
const finder = new PathFinder(calls, silent);

async function answer({ kind, path }: Question): Promise<unknown> {
  const found = await finder.find(path);
  if (kind === 'find') return found;
  return found.kind === 'directory' ? calls.call('ports', found.path, readEnvPorts) : [];
}

process.on('message', (message: ToChild) => {
  if ('silent' in message) {
    for (const path of message.silent) silent.add(path);
    return;
  }
  for (const question of message.questions) {
    answer(question)
      .catch(() => (question.kind === 'find' ? asGiven(question.path) : []))
      .then((found) => {
        send({ id: question.id, answer: found });
        if (calls.hanging >= threads / 2) send({ worn: true });
      });
  }
});
process.on('disconnect', () => process.exit());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
