import { run } from './cost/program.ts';
import { processTerminal } from './terminal/process-terminal.ts';

process.exitCode = await run(process.argv.slice(2), {
  terminal: processTerminal(),
  // The CDK takes seconds to load, which help and a mistyped option don't need.
  async synthesize(environments) {
    const { synthesized } = await import('./cost/synthesize.ts');
    return synthesized(environments);
  },
});
