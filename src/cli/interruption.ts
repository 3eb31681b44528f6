import { constants } from 'node:os';

/** A signal asked the command to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** As a shell ends then. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`Interrupted by ${signal}, and what was begun is undone.`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Work that a signal ends: it rejects with an Interrupted as soon as one comes, though a part of it be under way still. `begin` is
 * never interrupted; a signal that comes meanwhile ends what follows.
 */
export async function interruptible<Begun, Result>(
  begin: () => Promise<Begun>,
  follow: (begun: Begun, interruption: Promise<never>) => Promise<Result>,
): Promise<Result> {
  let interrupt: (signal: NodeJS.Signals) => void = () => undefined;
  const interruption = new Promise<never>((_, reject) => {
    interrupt = (signal) => reject(new Interrupted(signal));
  });
  interruption.catch(() => undefined); // whoever waits for it is told
  for (const signal of signals) process.on(signal, interrupt);
  try {
    return await follow(await begin(), interruption);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}
