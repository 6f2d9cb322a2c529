#!/usr/bin/env node
import { processContext } from './keyctl/process-context.ts';
import { run } from './keyctl/program.ts';

process.exitCode = await run(process.argv.slice(2), processContext());
