import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** What a row needs of an AWS, be it the fakes or the local one. */
export interface Stage {
  readonly secretsManager: SecretsManagerClient;
  readonly kms: KMSClient;
  readonly logs: CloudWatchLogsClient;
  /** Name of a new secret. */
  freshSecret(): Promise<string>;
  /** ARN of a new CMK with a rotation every 365 days. */
  freshKey(): Promise<string>;
  /** Name of a new log group. */
  freshGroup(): Promise<string>;
  now(): Date;
}

/** What AWS's reference promises: fakes and local AWS must agree on it. */
export interface DocumentedRow {
  readonly title: string;
  run(stage: Stage): Promise<void>;
}
