import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Dated, UsageRecord } from '../domain/access-guard/ports.ts';
import { KeysError } from '../domain/errors.ts';
import { LogStream } from './log-stream.ts';

const STREAM = 'uses';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const MOST = { lines: 10_000, bytes: 1_048_576, bytesPerLine: 26, spanMs: DAY } as const;
/** CloudWatch takes 14 days back and 2 hours ahead; a line's own timestamp stays the event's. */
const REACH = { back: 13 * DAY, ahead: HOUR } as const;

interface Line {
  readonly timestamp: number;
  readonly message: string;
}

/** The usage record is a log group, whose lines have the time of their event, for searches by time. */
export function usageRecord(
  client: CloudWatchLogsClient,
  logGroupName: string,
  now: () => Date,
): UsageRecord {
  const stream = new LogStream(client, logGroupName, STREAM);
  return {
    async write(lines) {
      const at = now().getTime();
      for (const batch of batchesOf(lines.map((line) => lineOf(line, at)))) {
        const { rejectedLogEventsInfo } = await stream.put(batch);
        if (rejectedLogEventsInfo) throw rejected(logGroupName);
      }
    },
  };
}

function lineOf({ at, line }: Dated, now: number): Line {
  const timestamp = Math.min(Math.max(at.getTime(), now - REACH.back), now + REACH.ahead);
  return { timestamp, message: JSON.stringify(line) };
}

/** By time, each as large as CloudWatch takes it. */
function batchesOf(lines: readonly Line[]): Line[][] {
  const batches: Line[][] = [];
  let bytes = 0;
  for (const line of lines.toSorted((one, other) => one.timestamp - other.timestamp)) {
    const size = Buffer.byteLength(line.message) + MOST.bytesPerLine;
    const open = batches.at(-1);
    const first = open?.[0]?.timestamp ?? 0;
    const isFull = !open || open.length >= MOST.lines || bytes + size > MOST.bytes;
    if (isFull || line.timestamp - first >= MOST.spanMs) {
      batches.push([line]);
      bytes = size;
    } else {
      open.push(line);
      bytes += size;
    }
  }
  return batches;
}

function rejected(logGroupName: string): KeysError {
  return new KeysError(
    'AWS_CALL_FAILED',
    `PutLogEvents of log group ${logGroupName} left lines out. Its retention has to be longer than 13 days.`,
    { call: 'PutLogEvents' },
  );
}
