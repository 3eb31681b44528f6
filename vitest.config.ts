import { defineConfig } from 'vitest/config';

/** Folders whose files leave nothing behind in their process: one process runs them all, and imports what they share once. */
const sharing = [
  'client',
  'commands',
  'domain',
  'feed',
  'interchange',
  'observer',
  'registry',
  'schema',
  'server',
  'storage',
  'templates',
].map((folder) => `test/${folder}/**/*.test.ts`);

const limits = { testTimeout: 30_000, hookTimeout: 60_000 };
// As Node resolves it. Vite would take the other build, and two copies of graphql do not know each other's errors.
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] };

export default defineConfig({
  test: {
    // Here alone: projects that extend this configuration would set up for themselves once more.
    globalSetup: ['test/support/global-setup.ts'],
    // Vitest leaves one core free by default; most of these tests wait for a database or a process.
    maxWorkers: '100%',
    reporters: process.env.CI ? ['default', 'json'] : ['default'],
    outputFile: { json: 'coverage/test-report.json' },
    projects: [
      { resolve, test: { name: 'sharing', include: sharing, isolate: false, ...limits } },
      { resolve, test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: sharing, ...limits } },
    ],
  },
});
