import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Those that start processes or replace modules: what they leave behind would be in the way of others. */
const alone = ['test/cli/**/*.test.ts', 'test/e2e/**/*.test.ts'];

export default defineConfig({
  test: {
    // A good part of the time goes by waiting for disks, sockets and processes: two processors have work for three.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      // Nothing in here is global, so files share a process: half of their time would go into loading the same modules.
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: alone, isolate: false },
      },
    ],
    // captureOutput of the command tests needs the real console.
    disableConsoleIntercept: true,
    // Far beyond what a busy machine needs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // `npm run coverage`. What only processes of their own run is not counted.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'commands/**/*.ts'],
      reporter: ['text-summary', 'html', 'json'],
      reportOnFailure: true,
    },
  },
});
