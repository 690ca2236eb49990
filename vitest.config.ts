import { defineConfig } from 'vitest/config';

/** Two projects: `unit` needs nothing but Node; `fleet` talks to real servers that the lab starts, one file at a time. */
export default defineConfig({
  test: {
    reporters: process.env.VITEST_REPORTER
      ? [process.env.VITEST_REPORTER]
      : ['default', './test/support/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/fleet/**'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Some of these run programs and sockets too: a second try is shown as such, a third there is not.
          retry: 1,
        },
      },
      {
        test: {
          name: 'fleet',
          include: ['test/fleet/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Real servers and a real browser on a shared machine: a second try is shown as such, a third there is not.
          retry: 1,
        },
      },
    ],
  },
});
