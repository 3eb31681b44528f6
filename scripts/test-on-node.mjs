// Runs the tests on other versions of Node: `npm run test:node -- 24 test/storage`. Versions come first, by default the
// three that are supported; the rest is Vitest's. npm keeps the binaries in its cache, and each run leaves a report.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const supported = ['20', '22', '24'];

const args = process.argv.slice(2);
const isVersion = (text) => /^\d+(\.\d+){0,2}$/.test(text);
const rest = args.findIndex((argument) => !isVersion(argument));
const named = rest < 0 ? args : args.slice(0, rest);
const forVitest = rest < 0 ? [] : args.slice(rest);

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

for (const version of named.length > 0 ? named : supported) {
  const node = findNode(version);
  console.log(`\nTests on Node ${node.version}`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=coverage/node-${version}.json`];
  const { status } = spawnSync(node.path, [vitest, 'run', ...reporters, ...forVitest], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1; // the other versions are worth knowing about
}

/**
 * The newest release that npm has of a version. The `node` package would link it in an install script, which npm 11 does
 * not run; the package for the platform needs none.
 */
function findNode(version) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${platform}-${process.arch}@${version}`;
  const print = 'console.log(JSON.stringify({ path: process.execPath, version: process.versions.node }))';
  const { status, stdout } = spawnSync(
    'npm',
    ['exec', '--yes', `--package=${name}`, '--', 'node', '-e', `'${print}'`],
    {
      encoding: 'utf8',
      shell: true, // on Windows npm is a script
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const node = status === 0 ? JSON.parse(stdout) : undefined;
  if (node?.version.split('.')[0] === version.split('.')[0]) return node;
  console.error(`npm did not bring Node ${version} as ${name}.`);
  process.exit(1);
}
