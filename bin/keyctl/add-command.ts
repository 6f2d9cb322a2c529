import type { Command as Parser } from 'commander';
import { refuseKeys } from '../operator/key-like.ts';
import { wrap } from '../terminal/layout.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Command, CommandFamily, Options, Outcome, Subcommand } from './command.ts';
import type { Context } from './context.ts';

/** What is done with what a command found or did. */
export type Done = (outcome: Outcome, json: boolean) => void;

/** Has the parser know a command, or a family of them. */
export function addCommand(
  parser: Parser,
  command: Command | CommandFamily,
  context: Context,
  done: Done,
): void {
  if ('run' in command) {
    add(parser, command, context, done).helpGroup(`${command.group}:`);
    return;
  }
  const family = described(parser, command)
    .helpGroup(`${command.group}:`)
    .usage('<command> [options]')
    .helpCommand(false);
  for (const member of command.members) add(family, member, context, done);
  const examples = command.members.flatMap((member) => member.examples);
  family.addHelpText('after', examplesText(examples, context.terminal));
}

const described = (
  parser: Parser,
  { name, summary, description }: Command | CommandFamily | Subcommand,
) => parser.command(name).summary(summary).description(description);

function add(parser: Parser, command: Subcommand, context: Context, done: Done): Parser {
  const { argument } = command;
  const sub = described(parser, command).usage(argument ? `[options] ${argument[0]}` : '[options]');
  if (argument) sub.argument(...argument);
  for (const [flags, meaning] of command.options ?? []) sub.option(flags, meaning);
  sub.addHelpText('after', examplesText(command.examples, context.terminal));
  return sub.action(async () => {
    const options = { ...sub.optsWithGlobals<Options>(), ...argumentOf(command, sub.args) };
    refuseKeys(options);
    done(await command.run(context, options), options.json === true);
  });
}

/** As an option that has its name. */
function argumentOf({ argument }: Subcommand, [typed]: readonly string[]): Options {
  if (!argument || typed === undefined) return {};
  return { [argument[0].slice(1, -1)]: typed };
}

function examplesText(examples: Subcommand['examples'], { columns, paint }: Terminal): string {
  const lines = examples.flatMap(([line, meaning]) => [
    ...wrap(`# ${meaning}`, columns, '  ', '# ').map(paint.dim),
    `  npx keyctl ${line}`,
  ]);
  return `\n${paint.bold('Examples:')}\n${lines.join('\n')}`;
}
