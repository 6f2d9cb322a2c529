import { CommanderError, Command as Parser } from 'commander';
import { assess } from '../commands/assess.ts';
import { config } from '../commands/config.ts';
import { history } from '../commands/history.ts';
import { lockdown } from '../commands/lockdown.ts';
import { prometheus } from '../commands/prometheus.ts';
import { quarantine } from '../commands/quarantine.ts';
import { readers } from '../commands/readers.ts';
import { relay } from '../commands/relay.ts';
import { revoke } from '../commands/revoke.ts';
import { rollback } from '../commands/rollback.ts';
import { rotate } from '../commands/rotate.ts';
import { scan } from '../commands/scan.ts';
import { stage } from '../commands/stage.ts';
import { status } from '../commands/status.ts';
import { unlock } from '../commands/unlock.ts';
import { unstage } from '../commands/unstage.ts';
import { verify } from '../commands/verify.ts';
import { which } from '../commands/which.ts';
import { wrap } from '../terminal/layout.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { addCommand, type Done } from './add-command.ts';
import type { Outcome } from './command.ts';
import type { Context } from './context.ts';
import { reportFailure } from './failure.ts';
import { commandIn, usageFailure } from './usage.ts';

const COMMANDS = [
  stage,
  unstage,
  rotate,
  status,
  verify,
  which,
  readers,
  scan,
  revoke,
  assess,
  lockdown,
  unlock,
  quarantine,
  rollback,
  relay,
  history,
  config,
  prometheus,
];

/** Runs one command line. Answers the exit code: 0 done, 1 refused or failed, 2 wrong use. */
export async function run(args: readonly string[], context: Context): Promise<number> {
  const { terminal } = context;
  let exitCode = 0;
  const parser = createParser(context, (outcome, json) => {
    exitCode = outcome.exitCode ?? 0;
    print(outcome, context, json);
  });
  try {
    await parser.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      return reportFailure(terminal, error, args.includes('--json'));
    }
    if (isHelp(error)) return error.exitCode === 0 ? 0 : 2;
    const command = commandIn(args, COMMANDS);
    const help = ['npx keyctl', ...command, '--help'].join(' ');
    const failure = usageFailure(error, { commands: COMMANDS, command, help });
    return reportFailure(terminal, failure, args.includes('--json'));
  }
}

const isHelp = ({ code }: CommanderError) =>
  code === 'commander.help' || code === 'commander.helpDisplayed';

const PROMISE =
  'No command reads a key out of AWS: what needs one is answered by a function there. Each command has examples: npx keyctl stage --help';
const EXIT_CODES = 'Exit codes: 0 done, 1 refused or failed, 2 wrong use.';

function createParser(context: Context, done: Done): Parser {
  const { terminal } = context;
  const parser = new Parser('keyctl')
    .usage('<command> [options]')
    .description(
      'Hands in, promotes, looks after and in an emergency replaces the Amplitude keys of an environment.',
    )
    .option('--env <name>', 'environment, as in lib/environments.ts')
    .option('--key <name>', 'key; may be left out where the environment has one')
    .option('--json', 'exactly one JSON document on stdout, errors included')
    .option('--config <file>', 'another file than lib/environments.ts')
    .commandsGroup('More:')
    .helpCommand(true);
  forTerminal(parser, terminal);
  for (const command of COMMANDS) addCommand(parser, command, context, done);
  parser.addHelpText('after', `\n${wrap(PROMISE, terminal.columns).join('\n')}\n${EXIT_CODES}`);
  return parser;
}

/** Subcommands inherit it, so it comes before they are added. */
function forTerminal(parser: Parser, terminal: Terminal): void {
  parser
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: () => {},
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
    })
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: terminal.paint.bold,
      subcommandTerm: (command) => command.name(),
    });
}

function print({ json, text }: Outcome, { terminal, clock }: Context, asJson: boolean): void {
  const { columns, paint } = terminal;
  const view = { columns, paint, now: clock.now() };
  const page = asJson ? JSON.stringify(json, null, 2) : text(view).join('\n');
  terminal.out(`${page}\n`);
}
