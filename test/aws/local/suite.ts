import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe } from 'vitest';
import { isLocalAwsInstalled, type LocalAws, startLocalAws } from './start.ts';

/** Somebody who assumed a role. */
export interface Session {
  readonly client: SecretsManagerClient;
  /** What policies know it by: `aws:userid`. */
  readonly id: string;
}

export interface Suite {
  readonly aws: LocalAws;
  readonly secretsManager: SecretsManagerClient;
  readonly lambda: LambdaClient;
  readonly ssm: SSMClient;
  readonly kms: KMSClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudTrail: CloudTrailClient;
  readonly sts: STSClient;
  /** Assumes the role. */
  connectAs(roleArn: string): Promise<Session>;
  /** A name that no other test of the suite uses. */
  freshName(): string;
}

/** Skips the tests where the local AWS isn't installed, except in CI, where they then fail. */
export function whereLocalAwsIs(title: string, tests: () => void) {
  const skipped = !isLocalAwsInstalled() && !process.env.CI;
  const named = skipped ? `${title} (skipped: no local AWS, it needs Python 3.10 or later)` : title;
  describe.skipIf(skipped)(named, tests);
}

/** Tests on one local AWS. */
export function describeOnLocalAws(
  title: string,
  tests: (suite: () => Suite) => void,
  start = startLocalAws,
) {
  whereLocalAwsIs(title, () => {
    let suite: Suite | undefined;
    beforeAll(async () => {
      suite = suiteOn(await start());
    }, 40_000);
    afterAll(() => suite?.aws.stop());
    tests(() => suite as Suite);
  });
}

function suiteOn(aws: LocalAws): Suite {
  const config = {
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'local' },
  };
  const sts = new STSClient(config);
  let names = 0;
  return {
    aws,
    secretsManager: new SecretsManagerClient(config),
    lambda: new LambdaClient(config),
    ssm: new SSMClient(config),
    kms: new KMSClient(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
    logs: new CloudWatchLogsClient(config),
    cloudTrail: new CloudTrailClient(config),
    sts,
    async connectAs(RoleArn) {
      const { Credentials, AssumedRoleUser } = await sts.send(
        new AssumeRoleCommand({ RoleArn, RoleSessionName: 'probe-1' }),
      );
      const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
      const [accessKeyId, secretAccessKey] = [AccessKeyId, SecretAccessKey];
      const credentials = { accessKeyId, secretAccessKey, sessionToken: SessionToken };
      const client = new SecretsManagerClient({ ...config, credentials });
      return { client, id: AssumedRoleUser?.AssumedRoleId ?? '' };
    },
    freshName() {
      names += 1;
      return `amplitude/dev/key-${names}`;
    },
  };
}
