import { type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { relayFailure } from '../../../lambda/contract.ts';
import { awsRefusal } from '../aws-refusal.ts';
import type { Session } from '../session.ts';
import type { Queue } from './queues.ts';

/** What was found among the failed events; SQS tells of a message only by handing it out. */
export interface Failures {
  /** How many were looked at. */
  readonly looked: number;
  /** The most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly events: number }[];
  /** When the first of those that were looked at failed, ISO 8601. */
  readonly oldestAt?: string;
}

/** Of a message that SQS itself gave up, since nobody gave a reason. */
const GIVEN_UP = 'given_up';

/**
 * A look hides what it saw from others, from a move too, so it is short; no count that a look raises
 * ends anything there, since nothing is behind this queue. A hundred tell what the matter is.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
const HIDDEN_SECONDS = 2;
export const HIDDEN_MS = HIDDEN_SECONDS * 1_000;
const MOST_LOOKS = 10;
const MOST_A_LOOK = 10;

/** Reasons for which Amplitude never takes an event as it is. */
const LASTING = /^(unreadable|(invalid|missing|too_short)_.+)$/;

/** Was it so of all that were looked at? */
export const areLasting = ({ looked, reasons }: Failures) =>
  looked > 0 && reasons.every(({ reason }) => LASTING.test(reason));

/** Looks at a hundred of them at most, and at nothing of an event itself. */
export async function failuresIn(session: Session, failed: Queue): Promise<Failures> {
  const seen = new Map<string, Failure>();
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const before = seen.size;
    for (const message of await receive(session, failed)) {
      seen.set(message.MessageId ?? '', failureOf(message));
    }
    if (seen.size === before) break;
  }
  return summary([...seen.values()]);
}

interface Failure {
  readonly reason: string;
  readonly at: number | undefined;
}

async function receive(session: Session, { url }: Queue): Promise<readonly Message[]> {
  const input = {
    QueueUrl: url,
    MaxNumberOfMessages: MOST_A_LOOK,
    VisibilityTimeout: HIDDEN_SECONDS,
    // Asks all of SQS's servers; without it a look may find none though there are some.
    WaitTimeSeconds: 1,
    MessageAttributeNames: [relayFailure.reason, relayFailure.failedAt],
    MessageSystemAttributeNames: ['SentTimestamp' as const],
  };
  try {
    const { Messages = [] } = await session.aws.sqs.send(new ReceiveMessageCommand(input));
    return Messages;
  } catch (error) {
    throw awsRefusal('ReceiveMessage', "the relay's failed events", session, error);
  }
}

function failureOf({ Attributes, MessageAttributes }: Message): Failure {
  const { reason, failedAt } = relayFailure;
  const written = MessageAttributes?.[reason]?.StringValue ?? GIVEN_UP;
  const times = [
    Date.parse(MessageAttributes?.[failedAt]?.StringValue ?? ''),
    Number(Attributes?.SentTimestamp ?? Number.NaN),
  ];
  return {
    // Anybody with the right to send may have written it.
    reason: /^[a-z_]{1,60}$/.test(written) ? written : 'unknown',
    at: times.find(isTime),
  };
}

const isTime = (time: number) => !Number.isNaN(new Date(time).getTime());

function summary(failures: readonly Failure[]): Failures {
  const groups = [...Map.groupBy(failures, ({ reason }) => reason)];
  const times = failures.flatMap(({ at }) => at ?? []);
  return {
    looked: failures.length,
    reasons: groups
      .map(([reason, { length: events }]) => ({ reason, events }))
      .toSorted((one, other) => other.events - one.events),
    ...(times.length > 0 ? { oldestAt: new Date(Math.min(...times)).toISOString() } : {}),
  };
}
