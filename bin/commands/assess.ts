import { loadEnvironments } from '../../lib/config.ts';
import type { Command } from '../keyctl/command.ts';
import { chooseEnvironment, chooseKey } from '../keyctl/selection.ts';
import { writeIncident } from '../operator/incident-file.ts';
import { assess as ask } from '../operator/inspect.ts';
import { HOURS_OPTION, type Leak, leakOf, VERSION_OPTION } from '../operator/leak.ts';
import { REPORT_OPTION, requireWritable } from '../operator/report-file.ts';
import { openSession, type Session } from '../operator/session.ts';
import { assessPage } from '../terminal/assess-page.ts';
import { writtenLines } from '../terminal/revoke-page.ts';
import type { Terminal } from '../terminal/terminal.ts';

export const assess: Command = {
  name: 'assess',
  group: 'Emergency',
  summary: 'tell who used a key lately, and how bad a leak of it would be',
  description:
    'Asks CloudTrail, or the usage record of an access guard, who read a key, from where and how often, which of them are unknown, what else was done to it, and rates the risk. Changes nothing. Says what it covers, and what AWS can not see: use of the value at Amplitude. Times are UTC. Exit code 1: the report could not be written.',
  options: [VERSION_OPTION, HOURS_OPTION, REPORT_OPTION],
  examples: [
    ['assess --env prod --key server', 'the current key, the last 72 hours'],
    ['assess --env prod --key server --version previous --hours 720', 'the one before, 30 days'],
    ['assess --env prod --key server --report impact.md', 'as Markdown too'],
    ['assess --env prod --key server --json', 'for a program'],
  ],
  async run(context, options) {
    const leak = leakOf(options);
    const config = chooseEnvironment(await loadEnvironments(options.config), options);
    const key = chooseKey(config, options).name;
    await requireWritable(options.report);
    const session = await openSession(context, config);
    const assessment = await assessed(context.terminal, session, key, leak);
    const known = { key, assessment };
    const written = options.report
      ? await writeIncident(context, session, options.report, known, leak.hours)
      : undefined;
    return {
      json: { ...assessment, ...(written ? { written } : {}) },
      exitCode: written && 'problem' in written ? 1 : 0,
      text: (view) => [
        ...assessPage(assessment, session.account, view),
        ...(written ? ['', ...writtenLines(written, view)] : []),
      ],
    };
  },
};

async function assessed(terminal: Terminal, session: Session, key: string, leak: Leak) {
  const progress = terminal.progress();
  progress.start(`Finding out who read ${session.environment}/${key} in ${leak.hours} hours`);
  try {
    const report = await ask(session, key, leak);
    progress.done('Assessed');
    return report;
  } catch (error) {
    progress.fail('Not assessed');
    throw error;
  }
}
