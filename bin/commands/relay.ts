import { readTokenCommand } from '../../lambda/contract.ts';
import { loadEnvironments } from '../../lib/config.ts';
import type { CommandFamily, Options, Subcommand } from '../keyctl/command.ts';
import type { Context } from '../keyctl/context.ts';
import { wrongUse } from '../keyctl/refusal.ts';
import { chooseEnvironment } from '../keyctl/selection.ts';
import { confirm, YES_OPTION } from '../operator/declare.ts';
import { found } from '../operator/problem.ts';
import { mappingOf } from '../operator/relay/mapping.ts';
import { relayOf, relayQueues } from '../operator/relay/queues.ts';
import { replay as moveBack } from '../operator/relay/replay.ts';
import { relayStatus } from '../operator/relay/status.ts';
import { putToken, type Tokens, tokensOf } from '../operator/relay/token.ts';
import { openSession, type Session } from '../operator/session.ts';
import { type ReplayReport, relayReplayPage } from '../terminal/relay-replay-page.ts';
import { relayStatusPage } from '../terminal/relay-status-page.ts';
import { relayTokenPage, type TokenReport } from '../terminal/relay-token-page.ts';
import { relative } from '../terminal/times.ts';

const status: Subcommand = {
  name: 'status',
  summary: 'show what waits, what failed and why, and what to do next',
  description:
    'Shows where the relay of the environment takes events, whether it is handed them or held back, how many wait and how many failed, as SQS counts them: roughly. Of failed events it looks at a hundred at most, for their reasons, which hides those for 2 seconds. Changes nothing. Times are UTC. Exit code 1: a part could not be found out.',
  examples: [
    ['relay status --env prod', 'where it stands'],
    ['relay status --env prod --json', 'for a program'],
  ],
  async run(context, options) {
    const session = await sessionOf(context, options);
    const report = await relayStatus(context, session);
    return {
      json: report,
      exitCode: report.unreadable.length > 0 ? 1 : 0,
      text: (view) => relayStatusPage(report, view),
    };
  },
};

const replay: Subcommand = {
  name: 'replay',
  summary: 'move failed events back, so that they are sent again',
  description:
    'Has SQS move all failed events back into the queue of the relay, and follows it for up to 10 minutes; a move that is under way is followed. Where one may have failed more than 7 days ago it warns, and asks on a terminal: Amplitude counts duplicates once only within those.',
  options: [YES_OPTION],
  examples: [
    ['relay replay --env prod', 'sends again what failed'],
    ['relay replay --env prod --yes', 'whatever its age'],
  ],
  async run(context, options) {
    const session = await sessionOf(context, options);
    const { environment } = session;
    const queues = await relayQueues(session);
    const replayed = await moveBack(context, session, queues, options);
    // Only for what is said of it.
    const mapping = await found(mappingOf(session, queues.queue));
    const report: ReplayReport = {
      environment,
      queue: queues.queue.arn,
      ...replayed,
      ...('thing' in mapping ? { eventSourceMapping: mapping.thing } : {}),
    };
    return { json: report, text: (view) => relayReplayPage(report, view) };
  },
};

const token: Subcommand = {
  name: 'token',
  summary: 'make the next token, beside which the one before is taken',
  description:
    'Makes a random token and puts it into its secret, without showing it. Two are taken at a time, the current one and the one before, so that programs can be given the next one after another; the one before those ends, which is why a terminal is asked first.',
  options: [YES_OPTION],
  examples: [
    ['relay token --env prod', 'makes it, and says how to read it'],
    ['relay token --env prod --yes', 'without a question'],
  ],
  async run(context, options) {
    const session = await sessionOf(context, options);
    const { environment, region } = session;
    const tokens = await tokensOf(session);
    await confirm(context.terminal, session, options, questionOf(context, session, tokens));
    const { secret } = tokens;
    const report: TokenReport = {
      environment,
      region,
      secret,
      versionId: await putToken(session, secret),
      endedAnother: tokens.hasPrevious,
      read: readTokenCommand(environment, region),
    };
    return { json: report, text: (view) => relayTokenPage(report, view) };
  },
};

/** @throws Refusal RELAY_NOT_CONFIGURED, before anything is asked of AWS */
async function sessionOf(context: Context, options: Options): Promise<Session> {
  const config = chooseEnvironment(await loadEnvironments(options.config), options);
  const { key } = relayOf(config);
  if (options.key !== undefined && options.key !== key) {
    throw wrongUse(`The relay of ${config.name} sends with key ${key}: leave --key out.`);
  }
  return openSession(context, config);
}

function questionOf({ clock }: Context, { environment }: Session, tokens: Tokens): string {
  const { changedAt, hasPrevious } = tokens;
  const changed = changedAt ? ` It last changed ${relative(changedAt, clock.now())}.` : '';
  const ends = hasPrevious ? ' The one before the current one ends.' : '';
  return `Make the next token of the relay of ${environment}?${changed}${ends}`;
}

export const relay: CommandFamily = {
  name: 'relay',
  group: 'More',
  summary: 'show the relay, send failed events again, change its token',
  description:
    "Looks after the relay that sends Dify's executions to Amplitude, where the environment has one.",
  members: [status, replay, token],
};
