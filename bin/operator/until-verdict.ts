import type { EmergencyReport, EmergencyRequest } from '../../lambda/payloads.ts';
import type { Context } from '../keyctl/context.ts';
import { Refusal } from '../keyctl/refusal.ts';
import type { Progress } from '../terminal/terminal.ts';
import { act } from './emergency.ts';
import { patience } from './patience.ts';
import type { Session } from './session.ts';
import { standing } from './standing.ts';

const DOING = {
  revoke: 'Revoking',
  rollback: 'Rolling back',
  lockdown: 'Locking down',
  unlock: 'Unlocking',
} as const;

/**
 * Has the emergency function do it, again while Amplitude gives no clear answer: it goes on where
 * it was.
 * @throws Refusal VERDICT_UNKNOWN telling the state it is in, and whatever the function refuses
 */
export async function actUntilVerdict(
  context: Context,
  session: Session,
  request: EmergencyRequest,
): Promise<EmergencyReport> {
  const progress = context.terminal.progress();
  const place = 'key' in request ? `${session.environment}/${request.key}` : session.environment;
  progress.start(`${request.dryRun ? 'Planning' : DOING[request.action]}: ${place}`);
  try {
    const report = request.dryRun
      ? await act(session, request)
      : await patiently(context, session, request, progress);
    if (hasFailed(report)) progress.fail(UNDONE[request.dryRun ? 'planned' : 'tried']);
    else progress.done(request.dryRun ? 'Planned' : report.truth.text);
    return report;
  } catch (error) {
    progress.fail('Not done');
    throw error;
  }
}

const UNDONE = {
  planned: 'Planned; as things stand not all of it can be done',
  tried: 'Not all of it was done',
} as const;

export const hasFailed = ({ plan }: EmergencyReport) =>
  plan.some(({ failed }) => failed !== undefined);

async function patiently(
  context: Context,
  session: Session,
  request: EmergencyRequest,
  progress: Progress,
): Promise<EmergencyReport> {
  const pause = Math.round(context.waiting.everyMs / 1_000);
  let unknown: Refusal | undefined;
  const report = await patience(
    context,
    context.waiting,
  )(async () => {
    try {
      return await act(session, request);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'VERDICT_UNKNOWN') throw error;
      unknown = error;
      progress.step(`Amplitude gives no clear answer; asking again every ${pause} s`);
      return undefined;
    }
  });
  if (report) return report;
  const state = 'key' in request ? await standing(session, request.key) : '';
  throw new Refusal('VERDICT_UNKNOWN', [unknown?.message, state, AGAIN].filter(Boolean).join(' '));
}

const AGAIN =
  'Run the same command again once Amplitude answers: it goes on, and does nothing twice.';
