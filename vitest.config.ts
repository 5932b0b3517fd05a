import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // captureOutput of the command tests needs the real console.
    disableConsoleIntercept: true,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
