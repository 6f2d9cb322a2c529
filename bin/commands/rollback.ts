import { loadEnvironments } from '../../lib/config.ts';
import type { Command } from '../keyctl/command.ts';
import { chooseEnvironment, chooseKey } from '../keyctl/selection.ts';
import { ACTING_OPTIONS, confirm, declare } from '../operator/declare.ts';
import { versionOf } from '../operator/leak.ts';
import { openSession } from '../operator/session.ts';
import { actUntilVerdict, hasFailed } from '../operator/until-verdict.ts';
import { emergencyPage } from '../terminal/emergency-page.ts';

export const rollback: Command = {
  name: 'rollback',
  group: 'Emergency',
  summary: 'make a retained key current again',
  description:
    "For a key that was promoted, works, and is still the wrong one, another project's say: a retained key that Amplitude still accepts becomes the current one again, and the wrong one gets no further readers. Exit code 1: not all of it was done.",
  options: [
    ...ACTING_OPTIONS,
    ['--version <version>', 'which one: previous (the default) or a version id'],
  ],
  examples: [
    ['rollback --env prod --key server --dry-run', 'the plan; changes nothing'],
    ['rollback --env prod --key server --reason "key of another project"', 'to the one before'],
  ],
  async run(context, options) {
    const version = versionOf(options);
    const config = chooseEnvironment(await loadEnvironments(options.config), options);
    const key = chooseKey(config, options).name;
    const declared = await declare(context.terminal, options);
    const session = await openSession(context, config);
    const question = `Make the ${version.version ?? 'previous'} key of ${config.name}/${key} current again?`;
    await confirm(context.terminal, session, options, question);
    const request = { action: 'rollback', key, ...version, ...declared } as const;
    const report = await actUntilVerdict(context, session, request);
    return {
      json: report,
      exitCode: hasFailed(report) ? 1 : 0,
      text: (view) => emergencyPage(report, view),
    };
  },
};
