import type { Command } from '../keyctl/command.ts';
import { ACTING_OPTIONS } from '../operator/declare.ts';
import { SCOPE_OPTION } from '../operator/scope.ts';
import { lock } from './lockdown.ts';

export const unlock: Command = {
  name: 'unlock',
  group: 'Emergency',
  summary: 'end a lockdown',
  description:
    'Allows reads again. A key whose current version is compromised stays locked until it is replaced; an environment is unlocked key by key, the compromised ones replaced first. Exit code 1: not all of it was done.',
  options: [SCOPE_OPTION, ...ACTING_OPTIONS],
  examples: [
    ['unlock --env prod --key server --reason "replaced"', 'one key'],
    ['unlock --env prod --scope environment --dry-run', 'the plan; changes nothing'],
    ['unlock --env prod --scope environment --reason "breach is over"', 'all keys'],
  ],
  run: (context, options) =>
    lock(context, options, 'unlock', (place) => `Allow reads of ${place} again?`),
};
