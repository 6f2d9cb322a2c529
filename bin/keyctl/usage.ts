import type { CommanderError } from 'commander';
import { isKeyLike, LEAKED_ADVICE, named } from '../operator/key-like.ts';
import type { Command, CommandFamily } from './command.ts';
import { type Refusal, wrongUse } from './refusal.ts';

/** Commander's complaint in our words: it repeats what was typed, which may be a key. */
export function usageFailure(
  error: CommanderError,
  commands: readonly (Command | CommandFamily)[],
  help = 'npx keyctl --help',
): Refusal {
  const { code, message } = error;
  const typed = named(/'([^']*)'/.exec(message)?.[1] ?? '');
  const meant = /\(Did you mean (?:one of )?([a-z, -]+)\?\)/.exec(message)?.[1];
  const suggestion = meant ? ` Did you mean ${meant}?` : '';
  const advice = isKeyLike(message) ? ` ${LEAKED_ADVICE}` : '';
  switch (code) {
    case 'commander.excessArguments':
      return wrongUse(`${argumentsOf(message)} ${LEAKED_ADVICE}`);
    case 'commander.missingArgument':
      return wrongUse(ONE_ID);
    case 'commander.unknownCommand':
      return wrongUse(
        `There is no command${typed}.${suggestion} Commands: ${namesOf(commands)}.${advice}`,
      );
    case 'commander.unknownOption':
      return wrongUse(`There is no option${typed}.${suggestion} Options: ${help}.${advice}`);
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
