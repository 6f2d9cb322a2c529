import {
  type LookupAttribute,
  LookupEventsCommand,
  type LookupEventsCommandInput,
  paginateLookupEvents,
} from '@aws-sdk/client-cloudtrail';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-11-24T00:00:00.250Z');
const secretId = 'amplitude/dev/web';
const by = { roleArn: 'arn:aws:iam::111122223333:role/apps/checkout', session: 'task-1' };
const byName: LookupAttribute = { AttributeKey: 'EventName', AttributeValue: 'GetSecretValue' };
let aws: FakeAws;

beforeEach(() => {
  aws = new FakeAws({ now: NOW });
});

const lookUp = (input: Partial<LookupEventsCommandInput> = {}) =>
  aws.clients.cloudTrail.send(new LookupEventsCommand({ LookupAttributes: [byName], ...input }));
const records = async (input: Partial<LookupEventsCommandInput> = {}) =>
  ((await lookUp(input)).Events ?? []).map(({ CloudTrailEvent = '' }) =>
    JSON.parse(CloudTrailEvent),
  );
const ago = (milliseconds: number) => new Date(NOW.getTime() - milliseconds);

describe('a recorded read', () => {
  it('names its session, the role behind it and the secret as the reader did', async () => {
    aws.cloudTrail.seedRead({ secretId, by, versionStage: 'AWSPREVIOUS' });
    const { Events } = await lookUp();
    expect(Events).toEqual([
      expect.objectContaining({
        EventName: 'GetSecretValue',
        EventTime: new Date('2026-11-24T00:00:00Z'),
        EventSource: 'secretsmanager.amazonaws.com',
        Username: 'task-1',
      }),
    ]);
    expect(await records()).toEqual([
      expect.objectContaining({
        eventTime: '2026-11-24T00:00:00Z',
        requestParameters: { secretId, versionStage: 'AWSPREVIOUS' },
        userIdentity: expect.objectContaining({
          type: 'AssumedRole',
          arn: 'arn:aws:sts::111122223333:assumed-role/checkout/task-1',
          sessionContext: { sessionIssuer: expect.objectContaining({ arn: by.roleArn }) },
        }),
      }),
    ]);
  });

  it('by a user has the user, by a service no ARN, one that was refused its code', async () => {
    const userArn = 'arn:aws:iam::111122223333:user/ann';
    aws.cloudTrail.seedRead({ secretId, by: { userArn }, errorCode: 'AccessDenied' });
    expect(await records()).toEqual([
      expect.objectContaining({
        errorCode: 'AccessDenied',
        userIdentity: expect.objectContaining({ type: 'IAMUser', arn: userArn, userName: 'ann' }),
      }),
    ]);
    aws.clock.advance(1000);
    aws.cloudTrail.seedRead({ secretId, by: { service: 'airflow.amazonaws.com' } });
    expect((await records())[0].userIdentity).toEqual({
      type: 'AWSService',
      invokedBy: 'airflow.amazonaws.com',
    });
  });
});

describe('any other recorded call', () => {
  const key = 'arn:aws:kms:us-east-1:111122223333:key/1';
  const lookUpBy = async (AttributeKey: 'EventName' | 'ResourceName', AttributeValue: string) =>
    (await records({ LookupAttributes: [{ AttributeKey, AttributeValue }] })).map(
      ({ eventName }) => eventName,
    );

  it('is found by its name and by its resources', async () => {
    const resources = [{ type: 'AWS::KMS::Key', arn: key }];
    const source = 'kms.amazonaws.com';
    aws.cloudTrail.seedEvent({ name: 'Decrypt', source, by, resources });
    aws.cloudTrail.seedEvent({ name: 'DisableKey', source, by, resources, readOnly: false });
    aws.cloudTrail.seedRead({ secretId, by });
    expect(await lookUpBy('EventName', 'DisableKey')).toEqual(['DisableKey']);
    expect((await lookUpBy('ResourceName', key)).sort()).toEqual(['Decrypt', 'DisableKey']);
  });

  it('tells from where and by what it was made, and through which service', async () => {
    const from = {
      sourceIPAddress: '10.0.0.7',
      vpcEndpointId: 'vpce-1',
      userAgent: 'curl/8',
      sharedEventID: 'shared-1',
    };
    aws.cloudTrail.seedRead({ secretId, by, ...from });
    expect(await records()).toEqual([expect.objectContaining(from)]);
    const through = 'secretsmanager.amazonaws.com';
    const requestParameters = { encryptionContext: { SecretARN: secretId } };
    aws.clock.advance(1000);
    aws.cloudTrail.seedRead({ secretId, by, through });
    aws.cloudTrail.seedEvent({
      name: 'GetSecretValue',
      source: 'kms.amazonaws.com',
      by,
      at: ago(DAY),
      requestParameters,
    });
    const [, , oldest] = await records();
    expect(oldest).toMatchObject({ eventSource: 'kms.amazonaws.com', requestParameters });
    expect((await records())[0]).toMatchObject({
      sourceIPAddress: through,
      userIdentity: { type: 'AssumedRole', invokedBy: through },
    });
  });
});

describe('a lookup', () => {
  it('finds the last 90 days, newest first, within both times', async () => {
    for (const days of [91, 3, 1, 2]) {
      aws.cloudTrail.seedRead({ secretId, by, at: ago(days * DAY), versionId: `${days}` });
    }
    const found = async (range: Partial<LookupEventsCommandInput> = {}) =>
      (await records(range)).map(({ requestParameters }) => requestParameters.versionId);
    expect(await found()).toEqual(['1', '2', '3']);
    const second = new Date('2026-11-22T00:00:00Z');
    expect(await found({ StartTime: second })).toEqual(['1', '2']);
    expect(await found({ EndTime: second })).toEqual(['2', '3']);
  });

  it('of another event finds none of the reads', async () => {
    aws.cloudTrail.seedRead({ secretId, by });
    const LookupAttributes: LookupAttribute[] = [{ ...byName, AttributeValue: 'PutSecretValue' }];
    expect((await lookUp({ LookupAttributes })).Events).toEqual([]);
  });

  it('comes 50 a page', async () => {
    for (let count = 0; count < 101; count += 1) aws.cloudTrail.seedRead({ secretId, by });
    const pages: number[] = [];
    const query = { LookupAttributes: [byName] };
    for await (const { Events = [] } of paginateLookupEvents(
      { client: aws.clients.cloudTrail },
      query,
    )) {
      pages.push(Events.length);
    }
    expect(pages).toEqual([50, 50, 1]);
  });

  it('goes on only with the same request', async () => {
    for (let count = 0; count < 2; count += 1) aws.cloudTrail.seedRead({ secretId, by });
    const { NextToken = '' } = await lookUp({ MaxResults: 1, StartTime: ago(DAY) });
    const others = [{ StartTime: ago(DAY + 1), NextToken }, { NextToken }, { NextToken: 'mine' }];
    for (const other of others) {
      expect(await refusal(lookUp({ MaxResults: 1, ...other }))).toMatchObject({
        name: 'InvalidNextTokenException',
      });
    }
  });

  it.each<[string, Partial<LookupEventsCommandInput>, string]>([
    ['51 a page', { MaxResults: 51 }, 'InvalidMaxResultsException'],
    ['two attributes', { LookupAttributes: [byName, byName] }, 'InvalidLookupAttributesException'],
    ['an end before its start', { StartTime: NOW, EndTime: ago(1) }, 'InvalidTimeRangeException'],
  ])('with %s is refused', async (_, input, name) => {
    expect(await refusal(lookUp(input))).toMatchObject({ name });
  });

  it('by an attribute that the fake does not know is refused by name', async () => {
    const LookupAttributes: LookupAttribute[] = [
      { AttributeKey: 'Username', AttributeValue: 'task-1' },
    ];
    await expect(lookUp({ LookupAttributes })).rejects.toThrow('does not know Username');
  });

  it('is allowed twice a second', async () => {
    aws.limits.enable();
    await lookUp();
    await lookUp();
    expect(await refusal(lookUp())).toMatchObject({ name: 'ThrottlingException' });
    aws.clock.advance(500);
    await lookUp();
  });
});
