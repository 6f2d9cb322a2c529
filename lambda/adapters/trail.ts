import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Trail } from '../domain/ports.ts';
import { awsFailure, isAwsError } from './aws-error.ts';

const STREAM = 'transitions';

/**
 * The audit trail is a log group. CloudWatch's time of a line is that of writing, since it refuses
 * what is older than 14 days; a line's own time is in its text.
 */
export function trail(client: CloudWatchLogsClient, logGroupName: string, now: () => Date): Trail {
  return {
    async record(transitions) {
      if (transitions.length === 0) return;
      const timestamp = now().getTime();
      const logEvents = transitions.map((one) => ({ timestamp, message: JSON.stringify(one) }));
      const put = new PutLogEventsCommand({
        logGroupName,
        logStreamName: STREAM,
        logEvents,
      });
      try {
        await client.send(put).catch(async (error: unknown) => {
          if (!isAwsError(error, 'ResourceNotFoundException', 'log stream')) throw error;
          await createStream(client, logGroupName);
          await client.send(put);
        });
      } catch (error) {
        throw awsFailure('PutLogEvents', `log group ${logGroupName}`, error);
      }
    },
  };
}

async function createStream(client: CloudWatchLogsClient, logGroupName: string) {
  try {
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: STREAM }));
  } catch (error) {
    if (!isAwsError(error, 'ResourceAlreadyExistsException')) throw error;
  }
}
