import { LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { CreateFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { expect, it } from 'vitest';
import { describeOnLocalAws, type Suite } from './suite.ts';
import { zipOf } from './zip.ts';

const Role = 'arn:aws:iam::000000000000:role/apps/Checkout';

describeOnLocalAws("the local AWS's CloudTrail", (suite) => {
  it('records who read which secret, newest first', async () => {
    const SecretId = await readTwice(suite());
    const [second, first] = await records(suite());
    expect(first).toMatchObject({
      eventName: 'GetSecretValue',
      requestParameters: { secretId: SecretId },
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::000000000000:user/000000000000' },
    });
    expect(second?.requestParameters).toEqual({ secretId: SecretId, versionStage: 'AWSCURRENT' });
  });

  it('looks them up in pages, and by time', async () => {
    const first = await lookUp(suite(), { MaxResults: 1 });
    const NextToken = first.NextToken ?? 'none';
    const second = await lookUp(suite(), { MaxResults: 1, NextToken });
    expect(second.NextToken).toBeUndefined();
    const ids = [first, second].map(({ Events = [] }) => Events.map(({ EventId }) => EventId));
    expect(ids.flat()).toEqual((await lookUp(suite())).Events?.map(({ EventId }) => EventId));
    suite().aws.clock.advance(3_600_000);
    const StartTime = new Date(Date.now() + suite().aws.clock.offset() - 60_000);
    expect((await lookUp(suite(), { StartTime })).Events).toEqual([]);
  });

  it('knows the role of a function that reads', async () => {
    const { lambda, secretsManager, freshName } = suite();
    const SecretId = freshName();
    await secretsManager.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one' }));
    const { FunctionArn } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'checkout',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role,
        Environment: { Variables: { SECRET_ID: SecretId } },
        Code: { ZipFile: zipOf('index.js', code) },
      }),
    );
    await lambda.send(new InvokeCommand({ FunctionName: FunctionArn }));
    const [newest] = await records(suite());
    expect(newest).toMatchObject({
      requestParameters: { secretId: SecretId },
      userIdentity: {
        type: 'AssumedRole',
        arn: 'arn:aws:sts::000000000000:assumed-role/Checkout/checkout',
        sessionContext: { sessionIssuer: { type: 'Role', arn: Role, userName: 'Checkout' } },
      },
    });
  });
});

async function readTwice({ secretsManager, freshName }: Suite): Promise<string> {
  const SecretId = freshName();
  await secretsManager.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one' }));
  await secretsManager.send(new GetSecretValueCommand({ SecretId }));
  const labelled = { SecretId, VersionStage: 'AWSCURRENT' };
  await secretsManager.send(new GetSecretValueCommand(labelled));
  return SecretId;
}

const lookUp = ({ cloudTrail }: Suite, input: Partial<LookupEventsCommandInput> = {}) =>
  cloudTrail.send(
    new LookupEventsCommand({
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'GetSecretValue' }],
      ...input,
    }),
  );

async function records(suite: Suite): Promise<Record<string, unknown>[]> {
  const { Events = [] } = await lookUp(suite);
  return Events.map(({ CloudTrailEvent = '' }) => JSON.parse(CloudTrailEvent));
}

/** Shows its session token, as the SDK does. */
const code = `
exports.handler = () => fetch(process.env.AWS_ENDPOINT_URL, {
  method: 'POST',
  headers: {
    'Content-Type': 'application/x-amz-json-1.1',
    'X-Amz-Target': 'secretsmanager.GetSecretValue',
    'X-Amz-Security-Token': process.env.AWS_SESSION_TOKEN,
  },
  body: JSON.stringify({ SecretId: process.env.SECRET_ID }),
}).then((answer) => answer.status);
`;
