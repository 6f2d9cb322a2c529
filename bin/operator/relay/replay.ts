import type { Options } from '../../keyctl/command.ts';
import type { Context } from '../../keyctl/context.ts';
import { wrap } from '../../terminal/layout.ts';
import { utcAndRelative } from '../../terminal/times.ts';
import { confirm } from '../declare.ts';
import type { Session } from '../session.ts';
import { type Age, ageOf } from './age.ts';
import { type Failures, failuresIn, HIDDEN_MS } from './failures.ts';
import { followMove, isUnderWay, latestMove, type Move, startMove } from './move.ts';
import { type RelayQueues, totalOf } from './queues.ts';

/** What was moved back; without a move nothing had failed. */
export interface Replayed {
  readonly move?: Move;
  /** It had been begun before; whoever did was told of its age. */
  readonly joined?: boolean;
  readonly age?: Age;
  readonly oldestAt?: string;
}

/**
 * Moves the failed events back into the queue, or follows who does.
 * @throws Refusal CANCELLED, RELAY_MOVE_FAILED, RELAY_MOVE_UNFINISHED …
 */
export async function replay(
  context: Context,
  session: Session,
  queues: RelayQueues,
  options: Options,
): Promise<Replayed> {
  const { failed } = queues;
  const before = await latestMove(session, failed);
  const follow = (since: Move | undefined) => followed(context, session, queues, since);
  if (before && isUnderWay(before)) return { move: await follow(undefined), joined: true };
  if (totalOf(failed) === 0) return {};
  const failures = await failuresIn(session, failed);
  const age = ageOf(failures, failed, context.clock.now());
  if (age !== 'within a week') {
    warn(context, warningOf(age, failures, totalOf(failed), context.clock.now()));
    const question = `Move the failed events of ${session.environment} back all the same?`;
    await confirm(context.terminal, session, options, question);
  }
  // What was looked at is hidden until then, and a move would leave it.
  await context.sleep(HIDDEN_MS);
  await startMove(session, queues, before);
  const move = await follow(before);
  const { oldestAt } = failures;
  return { move, age, ...(oldestAt === undefined ? {} : { oldestAt }) };
}

async function followed(
  context: Context,
  session: Session,
  { failed }: RelayQueues,
  before: Move | undefined,
): Promise<Move> {
  const progress = context.terminal.progress();
  progress.start(`Moving the failed events of ${session.environment} back`);
  try {
    const move = await followMove(context, session, failed, before, (latest) =>
      progress.update(`Moved ${standing(latest)}`),
    );
    progress.done('Done');
    return move;
  } catch (error) {
    progress.fail('Not finished');
    throw error;
  }
}

function standing({ moved, toMove }: Move): string {
  const of = toMove === undefined ? '' : ` of about ${toMove.toLocaleString('en')}`;
  return `${moved.toLocaleString('en')}${of}`;
}

const WHY =
  'Amplitude counts events of one insert_id once, and only within 7 days: one that it took after all would count twice.';

function warningOf(age: Age, { looked, oldestAt }: Failures, count: number, now: Date): string {
  if (age === 'over a week' && oldestAt !== undefined) {
    return `the oldest failed ${utcAndRelative(oldestAt, now)}. ${WHY}`;
  }
  const some = `${looked.toLocaleString('en')} of about ${count.toLocaleString('en')}`;
  return `${some} were looked at, so some may have failed more than 7 days ago. ${WHY}`;
}

/** Told to a program too, which isn't asked. */
function warn({ terminal: { errorPaint, columns, err } }: Context, warning: string): void {
  err(`${wrap(`${errorPaint.yellow('Warning:')} ${warning}`, columns, '', '  ').join('\n')}\n`);
}
