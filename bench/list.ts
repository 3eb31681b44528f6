import type { Bench } from './bench.ts';
import type { ServerUnderTest } from './engines.ts';
import { answerOf, list, noop, registerCodebase, registerWorktree } from './operations.ts';
import { type Row, row } from './row.ts';
import { median, rounds } from './statistics.ts';

const codebases = 5;
const worktrees = 50;
const services = 20;

/** A list of 1,000 allocations with their codebases and worktrees, against the same rows by one SQL statement. */
export async function measureList({ engine, load, sizes }: Bench, { url, remote }: ServerUnderTest): Promise<Row[]> {
  const { each } = sizes.list;
  const names = Array.from({ length: services }, (_, index) => `service-${index}`);
  const { answers } = await load.call('oneByOne', {
    url,
    operations: [
      ...Array.from({ length: codebases }, (_, index) => registerCodebase(`codebase-${index}`)),
      ...Array.from({ length: worktrees }, (_, index) =>
        registerWorktree(`/bench/worktree-${index}`, `codebase-${index % codebases}`, names),
      ),
    ],
  });
  answers.forEach(answerOf);
  const round = async () => {
    const listed = await load.call('oneByOne', {
      url,
      operations: [noop, ...Array.from({ length: each }, () => list)],
    });
    for (const answer of listed.answers.slice(1)) {
      const { edges } = answerOf(answer) as { edges: unknown[] }; // as selected
      if (edges.length !== worktrees * services) throw new Error(`The list has ${edges.length} rows.`);
    }
    const queried = await remote.call('lists', { count: each });
    return { list: median(listed.milliseconds.slice(1)), query: median(queried) };
  };

  const found = await rounds(sizes.list.rounds, round);
  return [
    row({
      name: 'list of 1,000 with codebase and worktree',
      engine: engine.name,
      unit: 'ms',
      value: median(found.map(({ list }) => list)),
      baseline: { name: 'one SQL query', value: median(found.map(({ query }) => query)) },
      ratio: median(found.map(({ list, query }) => list / query)),
      bar: null,
    }),
  ];
}
