import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  type InputLogEvent,
  PutLogEventsCommand,
  type PutLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { awsFailure, isAwsError } from './aws-error.ts';

/** Writes to one stream of a log group, and makes it where it is missing. */
export class LogStream {
  readonly #client: CloudWatchLogsClient;
  readonly #names: { readonly logGroupName: string; readonly logStreamName: string };

  constructor(client: CloudWatchLogsClient, logGroupName: string, logStreamName: string) {
    this.#client = client;
    this.#names = { logGroupName, logStreamName };
  }

  /** @throws KeysError */
  async put(logEvents: InputLogEvent[]): Promise<PutLogEventsCommandOutput> {
    const put = new PutLogEventsCommand({ ...this.#names, logEvents });
    try {
      return await this.#client.send(put).catch(async (error: unknown) => {
        if (!isAwsError(error, 'ResourceNotFoundException', 'log stream')) throw error;
        await this.#create();
        return this.#client.send(put);
      });
    } catch (error) {
      throw awsFailure('PutLogEvents', `log group ${this.#names.logGroupName}`, error);
    }
  }

  async #create(): Promise<void> {
    try {
      await this.#client.send(new CreateLogStreamCommand(this.#names));
    } catch (error) {
      if (!isAwsError(error, 'ResourceAlreadyExistsException')) throw error;
    }
  }
}
