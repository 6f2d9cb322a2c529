import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import type { AmplitudeOptions } from '../../lambda/adapters/amplitude.ts';
import type { Clock, Vendor } from '../../lambda/domain/ports.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** The clients of one Region. None of their calls ever reads a key. */
export interface Aws {
  /** Rejects when no Region is configured. */
  region(): Promise<string>;
  readonly sts: Pick<STSClient, 'send'>;
  readonly lambda: Pick<LambdaClient, 'send'>;
  readonly secretsManager: Pick<SecretsManagerClient, 'send'>;
  readonly ssm: Pick<SSMClient, 'send'>;
  readonly logs: Pick<CloudWatchLogsClient, 'send'>;
  readonly sqs: Pick<SQSClient, 'send'>;
}

/** All that a command touches outside itself. */
export interface Context {
  readonly terminal: Terminal;
  readonly clock: Clock;
  connect(region?: string): Aws;
  vendor(options: AmplitudeOptions): Vendor;
  sleep(milliseconds: number): Promise<void>;
  /** How a rotation is followed. */
  readonly following: Pace;
  /** How an emergency waits for Amplitude to answer. */
  readonly waiting: Pace;
}

/** How often something is asked again, and for how long. */
export interface Pace {
  readonly everyMs: number;
  readonly forMs: number;
}
