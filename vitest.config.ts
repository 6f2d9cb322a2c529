import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    sequence: { seed: 90 },
    testTimeout: 10_000,
    silent: 'passed-only',
    // Powertools then writes through the global console, where tests can read it.
    env: { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' },
  },
});
