import {
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { Context } from '../../keyctl/context.ts';
import { Refusal } from '../../keyctl/refusal.ts';
import { awsRefusal } from '../aws-refusal.ts';
import { patience } from '../patience.ts';
import type { Session } from '../session.ts';
import type { Queue, RelayQueues } from './queues.ts';

/** SQS's own move of failed events back into the queue; it goes on whoever watches. */
export interface Move {
  /** SQS's word: `RUNNING`, `CANCELLING`, or how it ended. */
  readonly state: string;
  readonly moved: number;
  /** How many there were as it began, roughly. */
  readonly toMove?: number;
  /** ISO 8601 */
  readonly startedAt: string;
  /** ARN, where it isn't the queue that each came from. */
  readonly to?: string;
  /** SQS's word for why it failed. */
  readonly failure?: string;
}

export const isUnderWay = ({ state }: Move) => state === 'RUNNING' || state === 'CANCELLING';

/** SQS moves up to 500 a second; what takes longer is followed by the same command. */
const PACE = { everyMs: 2_000, forMs: 600_000 };

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html */
export async function latestMove(session: Session, { arn }: Queue): Promise<Move | undefined> {
  try {
    const input = new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 1 });
    const { Results = [] } = await session.aws.sqs.send(input);
    return Results[0] && moveOf(Results[0]);
  } catch (error) {
    throw awsRefusal('ListMessageMoveTasks', "the relay's failed events", session, error);
  }
}

function moveOf({
  Status = '',
  ApproximateNumberOfMessagesMoved: moved = 0,
  ApproximateNumberOfMessagesToMove: toMove,
  StartedTimestamp: started = 0,
  DestinationArn: to,
  FailureReason: failure,
}: ListMessageMoveTasksResultEntry): Move {
  return {
    state: Status,
    moved,
    ...(toMove === undefined ? {} : { toMove }),
    startedAt: new Date(started).toISOString(),
    ...(to === undefined ? {} : { to }),
    ...(failure === undefined ? {} : { failure }),
  };
}

/**
 * Begins a move, unless one has begun since: another's, or this one, whose answer was lost.
 * Events that the sender put there have no queue of origin, so the destination is named.
 * @param before the latest one until now
 */
export async function startMove(
  session: Session,
  { queue, failed }: RelayQueues,
  before: Move | undefined,
): Promise<void> {
  const input = { SourceArn: failed.arn, DestinationArn: queue.arn };
  try {
    await session.aws.sqs.send(new StartMessageMoveTaskCommand(input));
  } catch (error) {
    const refusal = awsRefusal('StartMessageMoveTask', "the relay's failed events", session, error);
    const latest = await latestMove(session, failed).catch(() => before);
    if (latest?.startedAt === before?.startedAt) throw refusal;
  }
}

/**
 * Watches a move until it is over.
 * @param before the one before it, if it isn't listed yet
 * @throws Refusal RELAY_MOVE_FAILED, RELAY_MOVE_UNFINISHED
 */
export async function followMove(
  context: Context,
  session: Session,
  failed: Queue,
  before: Move | undefined,
  tell: (move: Move) => void,
): Promise<Move> {
  const until = patience(context, PACE);
  const move = await until(async () => {
    const latest = await latestMove(session, failed).catch((error) => {
      throw unwatched(session, error);
    });
    if (!latest || latest.startedAt === before?.startedAt) return undefined;
    tell(latest);
    return isUnderWay(latest) ? undefined : latest;
  });
  if (!move) throw unfinished(session);
  if (move.state !== 'COMPLETED') throw failedMove(session, move);
  return move;
}

const goesOn = ({ environment }: Session) =>
  `It goes on by itself; follow it: npx keyctl relay replay --env ${environment}`;

function unwatched(session: Session, error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  const { code, message, details, cause } = error;
  const told = `The move was begun, and then: ${message} ${goesOn(session)}`;
  return new Refusal(code, told, { details, cause });
}

const unfinished = (session: Session) =>
  new Refusal(
    'RELAY_MOVE_UNFINISHED',
    `The move isn't over after ${PACE.forMs / 60_000} minutes. ${goesOn(session)}`,
  );

function failedMove({ environment }: Session, { state, moved, failure = '' }: Move): Refusal {
  const reason = /^[\w.]{1,80}$/.test(failure) ? ` (${failure})` : '';
  const how = state === 'CANCELLED' ? 'was cancelled' : `failed${reason}`;
  return new Refusal(
    'RELAY_MOVE_FAILED',
    `The move ${how} after ${moved.toLocaleString('en')} events; none is lost, the others are still among the failed. Move them too: npx keyctl relay replay --env ${environment}`,
  );
}
