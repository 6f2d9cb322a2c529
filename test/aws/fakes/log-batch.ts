import { type InputLogEvent, InvalidParameterException } from '@aws-sdk/client-cloudwatch-logs';
import { raise } from './errors.ts';
import { defined } from './operation.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MAX_EVENTS = 10_000;
const MAX_BYTES = 1_048_576;
const BYTES_PER_EVENT = 26;

interface Event {
  readonly timestamp: number;
  readonly message: string;
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
export function admit(given: readonly InputLogEvent[], now: number, retentionDays: number) {
  const events = given.map(complete);
  checkSize(events);
  checkOrder(events);
  const tooOld = events.filter(({ timestamp }) => timestamp < now - 14 * DAY).length;
  const expired = events.filter(({ timestamp }) => timestamp < now - retentionDays * DAY).length;
  const inTime = events.filter(({ timestamp }) => timestamp <= now + 2 * HOUR).length;
  const accepted = events.slice(Math.max(tooOld, expired), inTime);
  checkSpan(accepted);
  return {
    accepted,
    rejected:
      accepted.length === events.length
        ? undefined
        : defined({
            tooOldLogEventEndIndex: tooOld > 0 ? tooOld : undefined,
            expiredLogEventEndIndex: expired > 0 ? expired : undefined,
            tooNewLogEventStartIndex: inTime < events.length ? inTime : undefined,
          }),
  };
}

function complete({ timestamp, message }: InputLogEvent): Event {
  if (timestamp === undefined || !message) {
    return refuse('A log event needs a timestamp and a message of at least one character.');
  }
  return { timestamp, message };
}

function checkSize(events: readonly Event[]): void {
  if (events.length < 1) refuse(badLength('greater than or equal to 1'));
  if (events.length > MAX_EVENTS) refuse(badLength(`less than or equal to ${MAX_EVENTS}`));
  const bytes = events.reduce(
    (sum, { message }) => sum + Buffer.byteLength(message) + BYTES_PER_EVENT,
    0,
  );
  if (bytes > MAX_BYTES) refuse(`Upload too large: ${bytes} bytes exceeds limit of ${MAX_BYTES}`);
}

function checkOrder(events: readonly Event[]): void {
  const isOrdered = events.every(
    ({ timestamp }, index) => timestamp >= (events[index - 1]?.timestamp ?? 0),
  );
  // As quoted in lazywithclass/winston-cloudwatch#197
  if (!isOrdered) {
    refuse('Log events in a single PutLogEvents request must be in chronological order.');
  }
}

function checkSpan(events: readonly Event[]): void {
  const [first, last] = [events[0], events.at(-1)];
  if (first && last && last.timestamp - first.timestamp > DAY) {
    refuse(
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
  }
}

const badLength = (constraint: string) =>
  `1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length ${constraint}`;

const refuse = (message: string): never => raise(InvalidParameterException, message);
