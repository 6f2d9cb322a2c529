import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    sequence: { seed: 90 },
    testTimeout: 10_000,
  },
});
