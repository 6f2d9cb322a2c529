import { trailGroupName } from '../../lambda/contract.ts';
import { loadEnvironments } from '../../lib/config.ts';
import type { Command } from '../keyctl/command.ts';
import { wrongUse } from '../keyctl/refusal.ts';
import { chooseEnvironment, chooseKey } from '../keyctl/selection.ts';
import { readTrail } from '../operator/audit-trail.ts';
import { type Asked, type History, historyOf } from '../operator/history.ts';
import { openSession, type Session } from '../operator/session.ts';
import { sinceOf } from '../operator/since.ts';
import { counted, type HistoryReport, historyCsv, historyPage } from '../terminal/history-page.ts';
import type { Terminal } from '../terminal/terminal.ts';

export const history: Command = {
  name: 'history',
  group: 'More',
  summary: 'print or export the audit trail of every key',
  description:
    'Reads the audit trail of the environment, one line for each transition of each key, newest last: what was staged, promoted, retained and retired, when, and by whom. Keys are named by fingerprint. A line that a repeated step wrote again is shown once. Times are UTC.',
  options: [
    ['--since <date>', 'from this day (2026-01-31) or time (2026-01-31T08:00:00Z) on'],
    ['--csv', 'for a spreadsheet, with all fields'],
  ],
  examples: [
    ['history --env prod', 'all there is'],
    ['history --env prod --key server --since 2026-01-01', 'one key, this year'],
    ['history --env prod --csv > trail.csv', 'evidence for an auditor'],
    ['history --env prod --json', 'for a program'],
  ],
  async run(context, options) {
    if (options.json && options.csv) throw wrongUse('Choose one of --json and --csv.');
    const since = options.since === undefined ? undefined : sinceOf(options.since);
    const config = chooseEnvironment(await loadEnvironments(options.config), options);
    const session = await openSession(context, config);
    const found = await read(context.terminal, session, { since, key: options.key });
    // A key that left the configuration keeps its history; a name without any is a slip.
    if (options.key !== undefined && found.lines.length === 0) chooseKey(config, options);
    const report: HistoryReport = {
      environment: session.environment,
      ...(options.key === undefined ? {} : { key: options.key }),
      from: since?.toISOString() ?? null,
      at: context.clock.now().toISOString(),
      account: session.account,
      region: session.region,
      logGroup: trailGroupName(session.environment),
      ...found,
    };
    return {
      json: report,
      text: (view) => (options.csv ? historyCsv(report) : historyPage(report, view)),
    };
  },
};

async function read(terminal: Terminal, session: Session, asked: Asked): Promise<History> {
  const progress = terminal.progress();
  progress.start(`Reading the audit trail of ${session.environment}`);
  try {
    const messages = await readTrail(session, asked.since, (count) =>
      progress.update(`Reading the audit trail: ${counted(count, 'line')} so far`),
    );
    const history = historyOf(messages, asked);
    progress.done(summaryOf(messages.length, history));
    return history;
  } catch (error) {
    progress.fail('Not read');
    throw error;
  }
}

/** With --csv, the only place that tells what was left out. */
const summaryOf = (read: number, { lines, repeated, malformed }: History) =>
  `${counted(read, 'line')} read: ${counted(lines.length, 'transition')}, ${repeated} repeated, ${malformed} not readable`;
