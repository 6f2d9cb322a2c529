import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { amplitude } from '../../lambda/adapters/amplitude.ts';
import { processTerminal } from '../terminal/process-terminal.ts';
import type { Aws, Context } from './context.ts';

/** Real clients, real time. Credentials, Region and endpoints come from the standard AWS variables. */
export function processContext(): Context {
  return {
    terminal: processTerminal(),
    clock: { now: () => new Date() },
    connect,
    vendor: amplitude,
    sleep: (milliseconds) => sleep(milliseconds),
    following: { everyMs: 1_000, forMs: 90_000 },
    waiting: { everyMs: 10_000, forMs: 120_000 },
  };
}

function connect(configured?: string): Aws {
  // The CLI and CDK know AWS_DEFAULT_REGION, the SDK does not.
  const region = configured ?? (process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION);
  const options = {
    ...(region ? { region } : {}),
    // Longer than the functions may run; a network that swallows packets is noticed in seconds.
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 90_000,
      throwOnRequestTimeout: true,
    },
  };
  const sts = new STSClient(options);
  return {
    region: () => sts.config.region(),
    sts,
    lambda: new LambdaClient(options),
    secretsManager: new SecretsManagerClient(options),
    ssm: new SSMClient(options),
    logs: new CloudWatchLogsClient(options),
    sqs: new SQSClient(options),
  };
}
