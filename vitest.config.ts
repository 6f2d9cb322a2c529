import { defineConfig } from 'vitest/config';
import { DemoFirst } from './test/setup/demo-first.ts';

/** Tests of the stack only read templates: a worker loads CDK once for all of them. */
const OF_THE_STACK = ['test/lib/*.test.ts', 'test/lib/permissions/**/*.test.ts'];

export default defineConfig({
  test: {
    sequence: { seed: 90, sequencer: DemoFirst },
    // By default one processor is left idle: half of a small machine.
    maxWorkers: '100%',
    testTimeout: 30_000,
    silent: 'passed-only',
    // Powertools then writes through the global console, where tests can read it.
    env: { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' },
    projects: [
      { extends: true, test: { name: 'stack', include: OF_THE_STACK, isolate: false } },
      {
        extends: true,
        test: { name: 'other', include: ['test/**/*.test.ts'], exclude: OF_THE_STACK },
      },
    ],
  },
});
