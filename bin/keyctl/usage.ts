import type { CommanderError } from 'commander';
import { isKeyLike, LEAKED_ADVICE, named } from '../operator/key-like.ts';
import type { Command, CommandFamily } from './command.ts';
import { type Refusal, wrongUse } from './refusal.ts';

interface Typed {
  /** What there is to type. */
  readonly commands: readonly (Command | CommandFamily)[];
  /** Words of the command that was typed: `relay`, `status`. */
  readonly command: readonly string[];
  /** How to see the options. */
  readonly help: string;
}

/** Commander's complaint in our words: it repeats what was typed, which may be a key. */
export function usageFailure(error: CommanderError, { commands, command, help }: Typed): Refusal {
  const { code, message } = error;
  const typed = named(/'([^']*)'/.exec(message)?.[1] ?? '');
  const meant = /\(Did you mean (?:one of )?([a-z, -]+)\?\)/.exec(message)?.[1];
  const suggestion = (family: readonly string[] = []) =>
    meant ? ` Did you mean ${[...family, meant].join(' ')}?` : '';
  const advice = isKeyLike(message) ? ` ${LEAKED_ADVICE}` : '';
  switch (code) {
    case 'commander.excessArguments':
      return wrongUse(`${argumentsOf(message)} ${LEAKED_ADVICE}`);
    case 'commander.missingArgument':
      return wrongUse(ONE_ID);
    case 'commander.unknownCommand':
      return wrongUse(
        `There is no command${typed}.${suggestion(command)} Commands: ${namesOf(commands)}.${advice}`,
      );
    case 'commander.unknownOption':
      return wrongUse(`There is no option${typed}.${suggestion()} Options: ${help}.${advice}`);
    default:
      // What is left names our own options only.
      return wrongUse(`${message.replace(/^error: /, '')}. Options: ${help}.`);
  }
}

function argumentsOf(message: string): string {
  if (!message.includes('Expected 1 argument')) return 'Commands take options only, no argument.';
  return message.includes("'release'") ? ONE_ID : 'Name one folder or file only.';
}

const ONE_ID = 'Name one quarantine, by its id: npx keyctl quarantine list shows them.';

const namesOf = (commands: readonly (Command | CommandFamily)[]) =>
  commands
    .flatMap((command) =>
      'run' in command
        ? [command.name]
        : command.members.map(({ name }) => `${command.name} ${name}`),
    )
    .join(', ');

/** Of a command line, the words that name a command; of an unknown one there are none. */
export function commandIn(
  args: readonly string[],
  commands: readonly (Command | CommandFamily)[],
): string[] {
  const first = args.find((arg) => commands.some(({ name }) => name === arg));
  const found = commands.find(({ name }) => name === first);
  if (!found) return [];
  const members = 'members' in found ? found.members : [];
  const next = args[args.indexOf(found.name) + 1];
  return [found, ...members.filter(({ name }) => name === next)].map(({ name }) => name);
}
