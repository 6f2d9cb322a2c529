import type { CommanderError } from 'commander';
import { isKeyLike, LEAKED_ADVICE, named } from '../operator/key-like.ts';
import type { Command } from './command.ts';
import { type Refusal, wrongUse } from './refusal.ts';

/** Commander's complaint in our words: it repeats what was typed, which may be a key. */
export function usageFailure(
  error: CommanderError,
  commands: readonly Command[],
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

const argumentsOf = (message: string) =>
  message.includes('Expected 1 argument')
    ? 'Name one folder or file only.'
    : 'Commands take options only, no argument.';

const namesOf = (commands: readonly Command[]) => commands.map(({ name }) => name).join(', ');
