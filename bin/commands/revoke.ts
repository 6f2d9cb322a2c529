import type { EmergencyReport, EmergencyRequest } from '../../lambda/payloads.ts';
import { loadEnvironments } from '../../lib/config.ts';
import type { Command, Options, Outcome } from '../keyctl/command.ts';
import type { Context } from '../keyctl/context.ts';
import { wrongUse } from '../keyctl/refusal.ts';
import { chooseEnvironment, chooseKey } from '../keyctl/selection.ts';
import { aftermath } from '../operator/aftermath.ts';
import { ACTING_OPTIONS, confirm, declare } from '../operator/declare.ts';
import { type Written, writeIncident } from '../operator/incident-file.ts';
import { HOURS_OPTION, leakOf, VERSION_OPTION } from '../operator/leak.ts';
import { REPORT_OPTION, requireWritable } from '../operator/report-file.ts';
import { openSession, type Session } from '../operator/session.ts';
import { withStandby } from '../operator/standby.ts';
import { actUntilVerdict, hasFailed } from '../operator/until-verdict.ts';
import { emergencyPage } from '../terminal/emergency-page.ts';
import { type Revoked, revokePage } from '../terminal/revoke-page.ts';

export const revoke: Command = {
  name: 'revoke',
  group: 'Emergency',
  summary: 'replace a leaked key at once, and find out who read it',
  description:
    "Takes a leaked key out of its readers' reach, promotes the staged key in its place, asks for Revoke at Amplitude, then tells who read the key and what is left for a person. Until Revoke is pressed there, whoever holds the value can use it. Where nothing is staged, a terminal asks for the next key. Run again after a failure, it goes on and does nothing twice. Exit code 1: not all of it was done.",
  options: [...ACTING_OPTIONS, VERSION_OPTION, HOURS_OPTION, REPORT_OPTION],
  examples: [
    ['revoke --env prod --key server --dry-run', 'the plan; changes nothing'],
    ['revoke --env prod --key server --reason "leaked in a public repo"', 'the current key'],
    ['revoke --env prod --key server --reason "in a log" --report leak.md', 'with a report'],
    ['revoke --env prod --key server --reason "sent by mail" --version staged', 'a staged key'],
  ],
  async run(context, options) {
    const { version, hours } = leakOf(options);
    if (options.dryRun && options.report !== undefined) throw noReportOfAPlan();
    const environments = await loadEnvironments(options.config);
    const config = chooseEnvironment(environments, options);
    const key = chooseKey(config, options);
    await requireWritable(options.report);
    const declared = await declare(context.terminal, options);
    const session = await openSession(context, config);
    const question = `Revoke the ${version ?? 'current'} key of ${config.name}/${key.name} now?`;
    await confirm(context.terminal, session, options, question);
    const request: EmergencyRequest = {
      action: 'revoke',
      key: key.name,
      ...(version ? { version } : {}),
      ...declared,
    };
    const { dryRun } = declared;
    const report = await withStandby(context, session, environments, key, () =>
      actUntilVerdict(context, session, request),
    );
    if (dryRun) return plannedOutcome(report);
    const after = await aftermath(context.terminal, session, report, hours);
    const known = { key: key.name, emergency: report, ...after };
    const written = await writtenTo(context, session, options, known, hours);
    return outcome({ report, account: session.account, ...after, ...written });
  },
};

const noReportOfAPlan = () =>
  wrongUse('A dry run changes nothing, so there is no incident to report: leave out --report.');

async function writtenTo(
  context: Context,
  session: Session,
  { report }: Options,
  known: Parameters<typeof writeIncident>[3],
  hours: number,
): Promise<{ written?: Written }> {
  if (report === undefined) return {};
  return { written: await writeIncident(context, session, report, known, hours) };
}

const plannedOutcome = (report: EmergencyReport): Outcome => ({
  json: report,
  exitCode: hasFailed(report) ? 1 : 0,
  text: (view) => emergencyPage(report, view),
});

function outcome(revoked: Revoked): Outcome {
  const { report, account: _, ...found } = revoked;
  const unwritten = revoked.written !== undefined && 'problem' in revoked.written;
  return {
    json: { ...report, ...found },
    exitCode: hasFailed(report) || unwritten ? 1 : 0,
    text: (view) => revokePage(revoked, view),
  };
}
