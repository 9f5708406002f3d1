import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'services/*/src/**/*.test.ts',
      'infra/*/src/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    // Costs nothing until a test asks for its first database.
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    // postgres.js leaves this rejection unhandled; processes survive it by runtime's lost-type-query, which tests of faults
    // have no place for.
    onUnhandledError: (error) => !('query' in error && String(error.query).includes('pg_catalog.pg_type a')),
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});
