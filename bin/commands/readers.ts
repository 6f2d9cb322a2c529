import { parseEnvironments, readEnvironmentsFile } from '../../lib/config.ts';
import type { Environments } from '../../lib/environment-values.ts';
import { partitionOf } from '../../lib/grants.ts';
import type { Command } from '../keyctl/command.ts';
import { wrongUse } from '../keyctl/refusal.ts';
import { chooseEnvironment, chooseKeys } from '../keyctl/selection.ts';
import { readers as ask } from '../operator/inspect.ts';
import { type Declared, judged } from '../operator/reclaim.ts';
import { openSession, type Session } from '../operator/session.ts';
import { type ReadersPageReport, readersPage } from '../terminal/readers-page.ts';
import type { Terminal } from '../terminal/terminal.ts';

const MOST_DAYS = 90;

export const readers: Command = {
  name: 'readers',
  group: 'Keys',
  summary: 'show who reads every key, by which grant, and which grants nobody uses',
  description:
    'Shows for every key of the environment, or one: each grant with its purpose, its end, its last read and its reads in 72 hours and 30 days; who reads without a grant; the reads of each by the hour in 72 hours; where an access guard is, the highest risk of what each did in 90 days, 0-100, and whether it is quarantined; and what may be taken back, with the lines to remove. Asks CloudTrail, or the usage record of an access guard, and changes nothing. Times are UTC. Exit code 1: a key or CloudTrail could not be read.',
  options: [
    [
      '--unused-days <days>',
      `days without a read after which a grant counts as unused, 1-${MOST_DAYS} (default: reclaimAfterDays)`,
    ],
  ],
  examples: [
    ['readers --env prod', 'all keys'],
    ['readers --env prod --key server', 'one key'],
    ['readers --env prod --unused-days 60', 'patient'],
    ['readers --env prod --json', 'for a program'],
  ],
  async run(context, options) {
    const { environments: written, faults } = await readEnvironmentsFile(options.config);
    const config = chooseEnvironment(
      parseEnvironments(written, { file: options.config, ofReading: faults }),
      options,
    );
    const configured = chooseKeys(config, options).map(({ name }) => name);
    const unusedDays = daysOf(options.unusedDays, config.reclaimAfterDays);
    const session = await openSession(context, config);
    const asked = options.key === undefined ? undefined : configured[0];
    const report = await answer(context.terminal, session, asked);
    const declared: Declared = {
      config,
      values: (written as Environments)[config.name as keyof Environments],
      file: options.config ?? 'lib/environments.ts',
      partition: partitionOf(session.region),
    };
    const there = report.unreadable.filter(({ error }) => error.code !== 'SECRET_NOT_FOUND');
    const deployed = new Set([...report.keys, ...there].map(({ key }) => key));
    const page: ReadersPageReport = {
      ...report,
      account: session.account,
      region: session.region,
      unusedDays,
      keys: judged(report, declared, unusedDays),
      unreadable: there,
      notDeployed: configured.filter((key) => !deployed.has(key)),
    };
    return {
      json: page,
      exitCode: page.unreadable.length > 0 || page.source.failure ? 1 : 0,
      text: (view) => readersPage(page, view),
    };
  },
};

/** @throws Refusal WRONG_USE */
function daysOf(typed: string | undefined, usual: number): number {
  if (typed === undefined) return usual;
  const days = Number(typed);
  if (/^\d+$/.test(typed) && days >= 1 && days <= MOST_DAYS) return days;
  throw wrongUse(
    `--unused-days takes a whole number from 1 to ${MOST_DAYS}: CloudTrail keeps 90 days.`,
  );
}

async function answer(terminal: Terminal, session: Session, key: string | undefined) {
  const progress = terminal.progress();
  const whose = key ? `${session.environment}/${key}` : `the keys of ${session.environment}`;
  progress.start(`Finding out who read ${whose} in 90 days`);
  try {
    const report = await ask(session, key);
    progress.done('Found out');
    return report;
  } catch (error) {
    progress.fail('Not found out');
    throw error;
  }
}
