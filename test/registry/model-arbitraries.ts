import fc from 'fast-check';
import type { Environment, Owner } from './model.ts';
import type { Command, Wish } from './model-commands.ts';

/** What happens to a registry: calls, several of them at once, or a restart, after which others listen. */
export type Step =
  | { readonly kind: 'calls'; readonly calls: readonly Command[]; readonly afterMs: number; readonly instance: number }
  | { readonly kind: 'restart'; readonly listening: readonly number[] };

const port = fc.constantFrom(8_000, 8_001, 8_002, 8_003, 8_004, 8_006, 7_000, 7_001, 1_022, 1_024, 1_025, 5_000);
/** A port that is probably held. */
const heldPort = fc.oneof(
  { arbitrary: fc.constantFrom(8_000, 8_001, 8_003), weight: 3 },
  { arbitrary: port, weight: 1 },
);
const wished = fc.option(port, { freq: 2, nil: null });
const host = fc.constantFrom('quay', 'quay', 'quay', 'pier');
const environment: fc.Arbitrary<Environment> = fc.constantFrom('dev', 'dev', 'dev', 'test', 'production');
const serviceName = fc.constantFrom('web', 'api', 'shop');
const path = fc.constantFrom('/wt/cart', '/wt/till');
const codebaseId = fc.constantFrom('shop', 'shop', 'shop', 'bank', 'bank', 'never');
const conversation = fc.constantFrom('issue', 'pull');
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 2, nil: null });
const force = fc.constantFrom(false, false, false, true);

const owner: fc.Arbitrary<Owner> = fc.oneof(
  path.map((worktreePath) => ({ worktreePath, codebaseId: null, conversationId: null })),
  fc.record({
    worktreePath: fc.option(path, { nil: null }),
    codebaseId: maybe(codebaseId),
    conversationId: maybe(conversation),
  }),
);

const wish: fc.Arbitrary<Wish> = fc.oneof(
  { arbitrary: serviceName.map((service) => ({ service, preferred: null, exact: null })), weight: 3 },
  { arbitrary: fc.record({ service: serviceName, preferred: wished, exact: fc.constant(null) }), weight: 1 },
  { arbitrary: fc.record({ service: serviceName, preferred: fc.constant(null), exact: wished }), weight: 2 },
);
const wishes = fc.uniqueArray(wish, { minLength: 1, maxLength: 3, selector: ({ service }) => service });

const allocate = fc.record({ verb: fc.constant('allocate' as const), host, owner, environment, wishes, force });
const release = fc.record({ verb: fc.constant('release' as const), host, owner, port: heldPort, force });
const register = fc.record({
  verb: fc.constant('register' as const),
  host,
  owner,
  port,
  environment,
  force,
  service: serviceName,
  description: maybe(fc.constantFrom('one', 'other')),
  hostnames: maybe(fc.constantFrom<readonly string[]>([], ['shop.example'])),
});
const transfer = fc.record({
  verb: fc.constant('transfer' as const),
  host,
  owner,
  to: owner,
  force,
  ports: fc.array(heldPort, { minLength: 1, maxLength: 2 }),
});
const checkout = fc.record({
  verb: fc.constant('checkout' as const),
  host,
  path,
  branch: maybe(fc.constantFrom('main', 'cart')),
  codebase: maybe(codebaseId),
  conversation: maybe(conversation),
  environment,
  wishes: fc.option(wishes, { nil: null }),
});
const remove = fc.record({ verb: fc.constant('remove' as const), host, path, owner, force });
const url = fc.constantFrom('shop.git', 'bank.git');
const codebase = fc.record({
  verb: fc.constant('codebase' as const),
  id: fc.constantFrom('shop', 'shop', 'bank', undefined),
  name: fc.constantFrom('shop', 'bank'),
  url: fc.constantFrom(undefined, undefined, null, url).chain((value) => (value ? value : fc.constant(value))),
  directory: fc.constantFrom(undefined, null, '/src/shop'),
  ports: fc.oneof(
    fc.constantFrom(undefined, null),
    fc.record({ primary: wished, services: fc.dictionary(serviceName, port, { maxKeys: 2 }) }),
  ),
});

const command: fc.Arbitrary<Command> = fc.oneof(
  { arbitrary: allocate, weight: 8 },
  { arbitrary: release, weight: 4 },
  { arbitrary: register, weight: 2 },
  { arbitrary: transfer, weight: 2 },
  { arbitrary: checkout, weight: 3 },
  { arbitrary: remove, weight: 2 },
  { arbitrary: codebase, weight: 2 },
);

const calls = fc.record({
  kind: fc.constant('calls' as const),
  calls: fc.oneof(
    { arbitrary: command.map((each) => [each]), weight: 3 },
    { arbitrary: fc.array(command, { minLength: 2, maxLength: 3 }), weight: 1 },
  ),
  afterMs: fc.constantFrom(1, 1, 1_000, 9_999, 10_000),
  instance: fc.nat({ max: 1 }),
});
const restart = fc.record({
  kind: fc.constant('restart' as const),
  listening: fc.uniqueArray(fc.constantFrom(8_000, 8_003, 8_004, 7_000), { maxLength: 3 }),
});

export const anySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof({ arbitrary: calls, weight: 12 }, { arbitrary: restart, weight: 1 }),
  { minLength: 5, maxLength: 40, size: 'max' },
);
