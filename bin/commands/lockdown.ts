import { loadEnvironments } from '../../lib/config.ts';
import type { Command, Options, Outcome } from '../keyctl/command.ts';
import type { Context } from '../keyctl/context.ts';
import { chooseEnvironment } from '../keyctl/selection.ts';
import { ACTING_OPTIONS, confirm, declare } from '../operator/declare.ts';
import { placeOf, SCOPE_OPTION, scopeOf } from '../operator/scope.ts';
import { openSession } from '../operator/session.ts';
import { actUntilVerdict, hasFailed } from '../operator/until-verdict.ts';
import { emergencyPage } from '../terminal/emergency-page.ts';

export const lockdown: Command = {
  name: 'lockdown',
  group: 'Emergency',
  summary: 'deny reads of one key, or of all keys of an environment',
  description:
    "Denies every read of a key but those of the functions and break-glass, or turns off the KMS key of the whole environment. What runs goes on with the value it has; what starts fails. Ends with the proof: a read that was seen to fail. It doesn't revoke: whoever holds the value can use it. Exit code 1: not contained.",
  options: [SCOPE_OPTION, ...ACTING_OPTIONS],
  examples: [
    ['lockdown --env prod --key server --dry-run', 'what could not start any more'],
    ['lockdown --env prod --key server --reason "leaked, no key staged"', 'one key'],
    ['lockdown --env prod --scope environment --reason "account breached"', 'all keys'],
  ],
  run: (context, options) =>
    lock(context, options, 'lockdown', (place) => `Deny reads of ${place} now?`),
};

/** Locks down or unlocks a key or an environment; a lockdown counts once it was proved. */
export async function lock(
  context: Context,
  options: Options,
  action: 'lockdown' | 'unlock',
  question: (place: string) => string,
): Promise<Outcome> {
  const config = chooseEnvironment(await loadEnvironments(options.config), options);
  const scope = scopeOf(config, options);
  const declared = await declare(context.terminal, options);
  const session = await openSession(context, config);
  await confirm(context.terminal, session, options, question(placeOf(config.name, scope)));
  const report = await actUntilVerdict(context, session, { action, ...scope, ...declared });
  const unproved = action === 'lockdown' && !report.dryRun && !report.contained?.contained;
  return {
    json: report,
    exitCode: unproved || hasFailed(report) ? 1 : 0,
    text: (view) => emergencyPage(report, view),
  };
}
