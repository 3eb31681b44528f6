import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { embedded } from '../support/databases.ts';
import { startServer } from '../support/server.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

const script = `
import { createPortCommandHandler, createRegistryClient, Environment, isRefusal, RegistryUnreachable } from './sdk.js';

const client = createRegistryClient({ url: process.argv[2] });
const changes = client.allocationChanged({ after: await client.latestEventCursor() });
const result = await client.allocatePort({ serviceName: 'web', environment: Environment.TEST });
if (isRefusal(result)) throw new Error(result.message);
const { value } = await changes.next();
const { message } = await createPortCommandHandler(client, { enabled: true }).handle('/port-list');
const rows = message.split('\\n').length;
console.log(JSON.stringify([result.allocation.port, value.kind, value.allocation.port, RegistryUnreachable.name, rows]));
await client.close();
`;

it('works from plain JavaScript once it is built, and lets the process end', async () => {
  const { url } = await startServer({ database: await embedded.open() });
  const directory = await mkdtemp(join(root, 'node_modules/.built-client-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await run(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', directory],
    {
      cwd: root,
    },
  );
  await writeFile(join(directory, 'script.js'), script);
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
  const { stdout } = await run(process.execPath, [join(directory, 'script.js'), url], { timeout: 20_000 });
  expect(JSON.parse(stdout)).toEqual([7000, 'ALLOCATED', 7000, 'RegistryUnreachable', 3]);
}, 60_000);

it('has the same types for resolvers of modules that read exports and for older ones', async () => {
  const { exports, typesVersions } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(typesVersions).toEqual({ '*': { client: [exports['./client'].types] } });
});
