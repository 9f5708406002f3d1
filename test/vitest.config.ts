import { defineConfig } from 'vitest/config';
import LongFirst from './support/long-first.ts';

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
    // Loading the same modules again for each file was a fifth of a run's processor time. A file leaves nothing behind in its process.
    isolate: false,
    sequence: { sequencer: LongFirst },
    maxWorkers: 3, // much of the time of the real ones is waiting: for servers to start, for jobs to be found again
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    // postgres.js leaves this rejection unhandled; processes survive it by runtime's lost-type-query, which tests of faults
    // have no place for.
    onUnhandledError: (error) => !('query' in error && String(error.query).includes('pg_catalog.pg_type a')),
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});
