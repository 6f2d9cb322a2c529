import { loadEnvironments } from '../../lib/config.ts';
import type { Command } from '../keyctl/command.ts';
import { chooseEnvironment, chooseKey } from '../keyctl/selection.ts';
import { handIn } from '../operator/hand-in.ts';
import { readName } from '../operator/key-entry.ts';
import { openSession } from '../operator/session.ts';
import { stageOutcome } from '../terminal/stage-outcome.ts';

export const stage: Command = {
  name: 'stage',
  group: 'Keys',
  summary: 'hand in the next key',
  description:
    'Takes a key at a hidden prompt, or one line from stdin, never as an argument. Checks its format, that no environment has or had it, and that Amplitude accepts it; only then stores it, encrypted, for the next rotation.',
  options: [['--name <name>', "the key's name in Amplitude's UI; asked for on a terminal"]],
  examples: [
    ['stage --env dev --key server', 'asks for name and key'],
    ['stage --env dev --key server --name "Server 2026-11"', 'asks for the key only'],
    ['stage --env dev --key server --name "Server 2026-11" < key.txt', 'the key from a file'],
  ],
  async run(context, options) {
    const all = await loadEnvironments(options.config);
    const config = chooseEnvironment(all, options);
    const key = chooseKey(config, options);
    const name = await readName(context.terminal, options.name);
    const session = await openSession(context, config);
    const { before, ...staged } = await handIn(context, session, all, key, name);
    return stageOutcome(before, { environment: config.name, name, ...staged });
  },
};
