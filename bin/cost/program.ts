import { Command, CommanderError } from 'commander';
import { loadEnvironments } from '../../lib/config.ts';
import { reportFailure } from '../keyctl/failure.ts';
import { wrongUse } from '../keyctl/refusal.ts';
import { chooseEnvironment } from '../keyctl/selection.ts';
import { usageFailure } from '../keyctl/usage.ts';
import { refuseKeys } from '../operator/key-like.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { costPage } from './page.ts';
import { jsonOf, reportOf, type Synthesize } from './report.ts';
import { DEFAULT_ASSUMPTIONS } from './usage.ts';

export interface CostContext {
  readonly terminal: Terminal;
  readonly synthesize: Synthesize;
}

interface Options {
  readonly env?: string;
  readonly config?: string;
  readonly reads: string;
  readonly json?: boolean;
}

const REPORTER = { program: 'cost' };
const HELP = 'npm run cost -- --help';
const EXAMPLES: readonly (readonly [command: string, meaning: string])[] = [
  ['npm run cost', 'every environment'],
  ['npm run cost -- --env prod', 'one environment'],
  ['npm run cost -- --env prod --reads 50000', 'consumers read each key 50,000 times a month'],
  ['npm run --silent cost -- --config staging.ts --json', 'another file, for a program'],
];

/** Answers the exit code: 0 done, 1 refused, failed or incomplete, 2 wrong use. */
export async function run(args: readonly string[], context: CostContext): Promise<number> {
  const { terminal } = context;
  const json = args.includes('--json');
  let exitCode = 0;
  const command = parserFor(terminal).action(async (options: Options) => {
    exitCode = await tell(options, context);
  });
  try {
    await command.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(terminal, error, json, REPORTER);
    if (error.code === 'commander.helpDisplayed') return 0;
    return reportFailure(
      terminal,
      usageFailure(error, { commands: [], command: [], help: HELP }),
      json,
      REPORTER,
    );
  }
}

async function tell(options: Options, { terminal, synthesize }: CostContext): Promise<number> {
  refuseKeys(options);
  const reads = readsOf(options.reads);
  const config = await loadEnvironments(options.config);
  const env = options.env === undefined ? {} : { env: chooseEnvironment(config, options).name };
  const report = await reportOf(config, synthesize, { ...env, reads });
  const { columns, paint } = terminal;
  const page = options.json
    ? JSON.stringify(jsonOf(report), null, 2)
    : costPage(report, { columns, paint, now: new Date() }).join('\n');
  terminal.out(`${page}\n`);
  return report.unpriced.length > 0 ? 1 : 0;
}

function readsOf(text: string): number {
  const reads = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(reads)) return reads;
  throw wrongUse('--reads takes a whole number from 0 on: --reads 50000, say.');
}

function parserFor({ out, err, columns, paint }: Terminal): Command {
  const examples = EXAMPLES.map(
    ([command, meaning]) => `${paint.dim(`  # ${meaning}`)}\n  ${command}`,
  );
  return new Command('cost')
    .usage('[options]')
    .description(
      'Tells what a month of each environment costs, line by line: counted in the synthesized template, priced by a dated table. Asks nobody.',
    )
    .option('--env <name>', 'environment, as in lib/environments.ts; else all')
    .option('--config <file>', 'another file than lib/environments.ts')
    .option(
      '--reads <number>',
      'reads of each key by its consumers a month',
      String(DEFAULT_ASSUMPTIONS.reads),
    )
    .option('--json', 'exactly one JSON document on stdout, errors included')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      writeOut: out,
      writeErr: err,
      outputError: () => {},
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
    })
    .configureHelp({ styleTitle: paint.bold })
    .addHelpText('after', `\n${paint.bold('Examples:')}\n${examples.join('\n')}`)
    .addHelpText('after', '\nExit codes: 0 done, 1 refused, failed or incomplete, 2 wrong use.');
}
