import { isCompromised } from '../../lambda/domain/labels.ts';
import type { KeyReport, StagedReport } from '../../lambda/payloads.ts';
import { loadEnvironments } from '../../lib/config.ts';
import type { Command } from '../keyctl/command.ts';
import type { Context } from '../keyctl/context.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { chooseEnvironment, chooseKey } from '../keyctl/selection.ts';
import { followRotation } from '../operator/follow-rotation.ts';
import { clearLeftover } from '../operator/leftover.ts';
import { keyReport, stagedOf } from '../operator/own-key.ts';
import { unwatched } from '../operator/rotation-failures.ts';
import { type Started, TOLD } from '../operator/rotation-milestones.ts';
import { openSession, type Session } from '../operator/session.ts';
import { startRotation } from '../operator/start-rotation.ts';
import { rotationOutcome } from '../terminal/rotation-outcome.ts';

export const rotate: Command = {
  name: 'rotate',
  group: 'Keys',
  summary: 'promote the staged key now',
  description:
    'Starts the rotation that Secrets Manager would start on schedule, and follows it. The staged key becomes the current one once Amplitude accepts it; the replaced key stays readable for its retention. An empty AWSPENDING left over by a dead rotation is cleared first.',
  examples: [
    ['rotate --env dev --key server', 'promote the staged key and follow it'],
    ['rotate --env dev --key server --json', 'the result as JSON, progress on stderr'],
  ],
  async run(context, options) {
    const config = chooseEnvironment(await loadEnvironments(options.config), options);
    const key = chooseKey(config, options).name;
    const session = await openSession(context, config);
    const begun = context.clock.now();
    const before = await keyReport(session, key);
    const staged = candidateOf(session, before);
    const cleared = await clearLeftover(session, before, begun);
    const token = await startRotation(session, key);
    const replaced = keyReplaced(before);
    const started = {
      key,
      token,
      candidate: staged.fingerprint,
      ...(replaced ? { replaced } : {}),
    };
    const after = await follow(context, session, started);
    const seconds = Math.round((context.clock.now().getTime() - begun.getTime()) / 1000);
    return rotationOutcome(session.environment, started, after, { cleared, seconds });
  },
};

/** @throws Refusal NOTHING_STAGED, SEVERAL_KEYS_STAGED, or what the rotation would refuse it with */
function candidateOf({ environment }: Session, report: KeyReport): StagedReport {
  const [staged, ...others] = stagedOf(report);
  const place = `${environment}/${report.key}`;
  const to = `--env ${environment} --key ${report.key}`;
  if (!staged) {
    throw new Refusal(
      'NOTHING_STAGED',
      `No key is staged for ${place}, so there is nothing to promote. Generate one at Amplitude and hand it in: npx keyctl stage ${to}`,
    );
  }
  if (others.length > 0) {
    const all = report.staged
      .map(({ fingerprint, name }) => `${fingerprint} ("${name}")`)
      .join(', ');
    throw new Refusal(
      'SEVERAL_KEYS_STAGED',
      `Several keys are staged for ${place}: ${all}. Take all but one back: npx keyctl unstage ${to} --fingerprint <fingerprint>`,
    );
  }
  if (!staged.problem) return staged;
  throw new Refusal(staged.problem.code as Refusal['code'], staged.problem.message);
}

/** A placeholder and a compromised key get no retention. */
function keyReplaced({ versions }: KeyReport): string | undefined {
  const current = versions.find(({ state }) => state === 'current');
  if (current?.content !== 'key' || current.labels.some(isCompromised)) return undefined;
  return current.versionId;
}

async function follow(context: Context, session: Session, started: Started): Promise<KeyReport> {
  const progress = context.terminal.progress();
  progress.start(`Rotating ${session.environment}/${started.key}`);
  try {
    const report = await followRotation(context, session, started, (milestone) =>
      progress.step(TOLD[milestone]),
    );
    progress.done('Done');
    return report;
  } catch (error) {
    progress.fail('Not finished');
    const isOurs = !(error instanceof Refusal) || error.code.startsWith('ROTATION_');
    throw isOurs ? error : unwatched(session, started, error);
  }
}
