import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As Node resolves it. Vite would take the other build, and two copies of graphql do not know each other's errors.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Vitest leaves one core free by default; most of these tests wait for a database or a process.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: process.env.CI ? ['default', 'json'] : ['default'],
    outputFile: { json: 'coverage/test-report.json' },
  },
});
