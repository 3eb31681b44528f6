import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a child process of the bench can be asked to do, by name. */
export type Methods = Record<string, (argument: never) => Promise<unknown>>;

/** A child process that answers calls over its IPC channel. */
export interface Remote<M extends Methods> {
  readonly pid: number;
  call<Name extends keyof M & string>(name: Name, argument: Parameters<M[Name]>[0]): ReturnType<M[Name]>;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>;
}

interface Call {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

export interface ForkOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly argument?: string;
  /** Flags for Node itself, such as `--cpu-prof`. */
  readonly nodeFlags?: readonly string[];
}

/** Starts a module of this folder as a process of its own; ready once it has said so with `answerCalls`. */
export async function forkModule<M extends Methods>(module: string, options: ForkOptions = {}): Promise<Remote<M>> {
  const { env = process.env, argument = '', nodeFlags = [] } = options;
  const child = fork(new URL(module, import.meta.url), [argument], {
    env,
    execArgv: [...process.execArgv, ...nodeFlags],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const ended = once(child, 'exit').then(([code]) => {
    for (const { reject } of waiting.values()) reject(new Error(`${module} ended with code ${code}.`));
  });
  await Promise.race([once(child, 'message'), ended.then(() => Promise.reject(new Error(`${module} did not start.`)))]);
  child.on('message', ({ id, value, error }: Answer) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(error));
  });

  let lastId = 0;
  const call = (name: string, argument: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      // Without its callback, a child that has ended would end the bench.
      child.send({ id, name, argument } satisfies Call, (error) => error && reject(error));
    });
  return {
    pid: pidOf(child),
    call: call as Remote<M>['call'], // of the same methods, by the module's author
    async stop() {
      if (child.connected) child.disconnect(); // it may have ended by itself
      await ended;
    },
  };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('The process did not start.');
  return pid;
}

/** In the child: answers calls until the parent lets go, then ends itself after `close`. */
export function answerCalls(methods: Methods, close: () => Promise<void> = async () => {}): void {
  process.on('message', async ({ id, name, argument }: Call) => {
    try {
      const value = await methods[name]?.(argument as never); // as the caller's types had it
      process.send?.({ id, value } satisfies Answer);
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.once('disconnect', () => {
    close().finally(() => process.exit());
  });
  process.send?.('ready');
}
