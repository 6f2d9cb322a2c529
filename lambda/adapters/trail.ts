import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Trail } from '../domain/ports.ts';
import { LogStream } from './log-stream.ts';

const STREAM = 'transitions';

/**
 * The audit trail is a log group. CloudWatch's time of a line is that of writing, since it refuses
 * what is older than 14 days; a line's own time is in its text.
 */
export function trail(client: CloudWatchLogsClient, logGroupName: string, now: () => Date): Trail {
  const stream = new LogStream(client, logGroupName, STREAM);
  return {
    async record(transitions) {
      if (transitions.length === 0) return;
      const timestamp = now().getTime();
      await stream.put(transitions.map((one) => ({ timestamp, message: JSON.stringify(one) })));
    },
  };
}
