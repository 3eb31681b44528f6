import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import type { FromChild, Question, ToChild } from './messages.ts';

export interface PathProcessOptions {
  /** Called when the directories that do not answer have become others. */
  readonly onSilent?: (paths: readonly string[]) => void;
  /** The child's program. */
  readonly program?: string;
  /** After how long without a question the child ends, in milliseconds. Default: 60,000. */
  readonly idleMs?: number;
}

/** The child answers for a path that hangs: if it does not, it hangs itself, or the machine cannot start it. */
const answerTimeoutMs = 5_000;

/** How many children may be left to end that do not, although they were killed. */
const mostAbandoned = 4;

/** How often a question is asked whose child ends. */
const mostAsks = 3;

/** Half of them may hang before the child is replaced: what it finds out at a time needs no more than the other half. */
const threads = 32;

const ownExtension = extname(import.meta.filename);

/** Node 20 runs no TypeScript by itself. */
const loader = ownExtension === '.ts' ? ['--import', 'tsx'] : [];

interface Pending {
  readonly question: Question;
  readonly settle: (answer: unknown) => void;
  asks: number;
}

/**
 * The child process that asks file systems in the server's place. It is started with the first question, ended when
 * idle, and replaced when too many of its threads hang; one that cannot be killed is left alone, at most four of them.
 */
export class PathProcess {
  readonly #options: PathProcessOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #abandoned = new Set<ChildProcess>();
  #child: ChildProcess | undefined;
  #unsent: Question[] = [];
  #lastId = 0;
  #idle: NodeJS.Timeout | undefined;
  #isClosed = false;
  silent: readonly string[] = [];
  /** Why the last child could not be started, or ended; undefined where it answers. */
  failure: string | undefined;

  constructor(options: PathProcessOptions) {
    this.#options = options;
  }

  /** Undefined where there is no answer. */
  ask(kind: Question['kind'], path: string): Promise<unknown> {
    if (this.#isClosed) return Promise.resolve(undefined);
    clearTimeout(this.#idle);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#giveUp(id), answerTimeoutMs);
      const settle = (answer: unknown) => {
        clearTimeout(late);
        this.#pending.delete(id);
        if (this.#pending.size === 0) this.#rest();
        resolve(answer);
      };
      const pending = { question: { id, kind, path }, settle, asks: 0 };
      this.#pending.set(id, pending);
      this.#send(pending);
    });
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    this.#abandon();
    for (const { settle } of [...this.#pending.values()]) settle(undefined);
  }

  /** Sends what is asked in the same moment in one message. */
  #send(pending: Pending): void {
    pending.asks += 1;
    if (this.#unsent.push(pending.question) > 1) return;
    queueMicrotask(() => {
      const questions = this.#unsent;
      this.#unsent = [];
      if (this.#isClosed) return;
      try {
        this.#tell(this.#running(), { questions });
      } catch (error) {
        this.#fail(error instanceof Error ? error.message : String(error)); // some ways to fail are thrown
      }
    });
  }

  #running(): ChildProcess {
    if (this.#child) return this.#child;
    const program = this.#options.program ?? join(import.meta.dirname, `child${ownExtension}`);
    const child = fork(program, [], {
      cwd: import.meta.dirname,
      // A debugger's port or a profile is the server's own.
      env: { ...process.env, NODE_OPTIONS: '', UV_THREADPOOL_SIZE: String(threads) },
      execArgv: loader,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child = child;
    // It keeps nobody's process from ending.
    child.unref();
    child.channel?.unref();
    child.on('message', (message: FromChild) => this.#hear(child, message));
    child.on('exit', (code, signal) => this.#ended(child, `it ended with ${signal ?? code}`));
    child.on('error', (error) => this.#ended(child, error.message));
    if (this.silent.length > 0) this.#tell(child, { silent: this.silent });
    return child;
  }

  #tell(child: ChildProcess, message: ToChild): void {
    if (child.connected) child.send(message, () => {}); // the exit of one that has ended is reported by its own event
  }

  #hear(child: ChildProcess, message: FromChild): void {
    if ('id' in message) {
      this.failure = undefined;
      this.#pending.get(message.id)?.settle(message.answer);
    } else if (child === this.#child) {
      if ('silent' in message) this.#becomeSilent(message.silent);
      else if (this.#abandoned.size < mostAbandoned) this.#replace();
    }
  }

  #becomeSilent(paths: readonly string[]): void {
    this.silent = paths;
    this.#options.onSilent?.(paths);
  }

  #giveUp(id: number): void {
    const pending = this.#pending.get(id);
    pending?.settle(undefined);
    this.failure = 'it does not answer';
    // A child that was started for the rest of a burst has not had its time yet.
    const hadItsTime = pending?.asks === 1;
    if (hadItsTime && this.#abandoned.size < mostAbandoned) this.#replace();
  }

  #ended(child: ChildProcess, why: string): void {
    this.#abandoned.delete(child);
    if (child !== this.#child) return;
    if (this.#pending.size > 0) this.failure = why;
    this.#replace();
  }

  /** Asks another child what this one has not answered. */
  #replace(): void {
    this.#abandon();
    for (const pending of [...this.#pending.values()]) {
      if (pending.asks < mostAsks) this.#send(pending);
      else pending.settle(undefined);
    }
  }

  #fail(why: string): void {
    this.failure = why;
    for (const { settle } of [...this.#pending.values()]) settle(undefined);
  }

  #abandon(): void {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    this.#abandoned.add(child);
    child.kill('SIGKILL');
  }

  #rest(): void {
    if (this.#isClosed) return;
    this.#idle = setTimeout(() => {
      this.#abandon();
      if (this.silent.length > 0) this.#becomeSilent([]);
    }, this.#options.idleMs ?? 60_000).unref();
  }
}
