import type { ReleaseReport } from '../../lambda/payloads.ts';
import { loadEnvironments } from '../../lib/config.ts';
import type { CommandFamily, Subcommand } from '../keyctl/command.ts';
import { wrongUse } from '../keyctl/refusal.ts';
import { chooseEnvironment } from '../keyctl/selection.ts';
import { confirm, declare, PLAIN_OPTIONS } from '../operator/declare.ts';
import { release as end } from '../operator/emergency.ts';
import { quarantines } from '../operator/inspect.ts';
import { openSession } from '../operator/session.ts';
import { type QuarantinesPageReport, quarantinesPage } from '../terminal/quarantines-page.ts';
import { releasePage } from '../terminal/release-page.ts';

const list: Subcommand = {
  name: 'list',
  summary: 'show who is denied the keys, why, and until when',
  description:
    'Shows each quarantine that the access guard of the environment has begun: who read, what is denied of it, with which score and for which reasons, and when it ends by itself. Changes nothing. Times are UTC.',
  examples: [
    ['quarantine list --env prod', 'who is quarantined'],
    ['quarantine list --env prod --json', 'for a program'],
  ],
  async run(context, options) {
    const config = chooseEnvironment(await loadEnvironments(options.config), options);
    const session = await openSession(context, config);
    const report: QuarantinesPageReport = {
      ...(await quarantines(session)),
      account: session.account,
      region: session.region,
    };
    return { json: report, text: (view) => quarantinesPage(report, view) };
  },
};

const release: Subcommand = {
  name: 'release',
  summary: 'end a quarantine before its time',
  description:
    'Takes the deny of one quarantine off every key of the environment, by its id; what its grants allow a reader, it may do again. Takes the rights of an emergency. Running it again does nothing twice. Exit code 1: not all of it was done; the hourly sweep goes on with it.',
  argument: ['<id>', '8 hex digits, as quarantine list shows them'],
  options: PLAIN_OPTIONS,
  examples: [
    ['quarantine release 0123abcd --env prod --reason "our new office"', 'lets it read again'],
  ],
  async run(context, options) {
    const config = chooseEnvironment(await loadEnvironments(options.config), options);
    const quarantine = idOf(options.id);
    const { reason } = await declare(context.terminal, options);
    const session = await openSession(context, config);
    const question = `End quarantine ${quarantine} of ${config.name}?`;
    await confirm(context.terminal, session, options, question);
    const report = await end(session, { action: 'release', quarantine, reason });
    return {
      json: report,
      exitCode: isDone(report) ? 0 : 1,
      text: (view) => releasePage(report, session.account, view),
    };
  },
};

/** Other quarantines are other decisions. */
const isDone = ({ left, untold = [] }: ReleaseReport) => left.length + untold.length === 0;

/** @throws Refusal WRONG_USE */
function idOf(typed = ''): string {
  if (/^[\da-f]{8}$/.test(typed)) return typed;
  throw wrongUse(
    'The id of a quarantine is 8 hex digits, as npx keyctl quarantine list shows them.',
  );
}

export const quarantine: CommandFamily = {
  name: 'quarantine',
  group: 'Emergency',
  summary: 'show whom the access guard denies the keys, and let them read again',
  description:
    'A reader whose risk is high enough is denied every key of its environment for some hours, where the access guard is to answer so. These commands show whom, and end it.',
  members: [list, release],
};
