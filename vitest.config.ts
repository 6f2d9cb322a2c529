import { defineConfig } from 'vitest/config';
import { DemoFirst } from './test/setup/demo-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    sequence: { seed: 90, sequencer: DemoFirst },
    // By default one processor is left idle: half of a small machine.
    maxWorkers: '100%',
    testTimeout: 30_000,
    silent: 'passed-only',
    // Powertools then writes through the global console, where tests can read it.
    env: { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' },
  },
});
