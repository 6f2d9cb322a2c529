import { DisableKeyCommand } from '@aws-sdk/client-kms';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const HOUR = 3_600_000;
const SecretId = 'amplitude/dev/web';
const RETAINED = 'RETAINED-UNTIL-2026-12-24';
const account = '111122223333';
let aws: FakeAws;
let roleArn: string;
let secretArn: string;

const assume = (RoleArn = roleArn, more = {}) =>
  aws.clients.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'probe-1', ...more }));
async function connect(RoleArn = roleArn) {
  const { Credentials } = await assume(RoleArn);
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? {};
  const [accessKeyId, secretAccessKey] = [AccessKeyId, SecretAccessKey];
  return aws.connectAs({ accessKeyId, secretAccessKey, sessionToken: SessionToken });
}
async function read(input: Partial<GetSecretValueCommandInput> = {}) {
  const client = await connect();
  return client.send(new GetSecretValueCommand({ SecretId, ...input }));
}
const denied = (why: string, resource = secretArn) => ({
  name: 'AccessDeniedException',
  message: `User: arn:aws:sts::${account}:assumed-role/probe/probe-1 is not authorized to perform: secretsmanager:GetSecretValue on resource: ${resource} ${why}`,
});
const EXPLICITLY = 'with an explicit deny in a resource-based policy';
const NOT_ALLOWED =
  'because no identity-based policy allows the secretsmanager:GetSecretValue action';
const tag = (Value: string) =>
  aws.clients.secretsManager.send(
    new TagResourceCommand({ SecretId, Tags: [{ Key: 'amplitude-lockdown', Value }] }),
  );

beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  roleArn = aws.iam.seedRole({ name: 'probe', reads: ['amplitude/dev/*'] });
  secretArn = aws.secretsManager.seedSecret({ name: SecretId, value: 'first' });
  aws.secretsManager.putByHand(SecretId, 'second');
});

describe('assuming a role', () => {
  it('gives credentials for an hour', async () => {
    expect(await assume()).toMatchObject({
      Credentials: {
        AccessKeyId: expect.stringMatching(/^ASIA[0-9A-F]{16}$/),
        Expiration: new Date('2026-11-24T01:00:00Z'),
      },
      AssumedRoleUser: { Arn: `arn:aws:sts::${account}:assumed-role/probe/probe-1` },
    });
  });

  it('is denied alike for a role that does not trust and for one that does not exist', async () => {
    const strangers = [
      aws.iam.seedRole({ name: 'admin', trusts: false, reads: ['*'] }),
      `arn:aws:iam::${account}:role/missing`,
    ];
    for (const stranger of strangers) {
      expect(await refusal(assume(stranger))).toEqual({
        name: 'AccessDenied',
        message: `User: arn:aws:sts::${account}:assumed-role/worker/session is not authorized to perform: sts:AssumeRole on resource: ${stranger}`,
      });
    }
  });

  it.each([
    ['an hour, since a function acts as a role already', { DurationSeconds: 3601 }, 'chaining'],
    ['15 minutes at least', { DurationSeconds: 899 }, 'durationSeconds'],
    ['a session name without spaces', { RoleSessionName: 'a probe' }, 'roleSessionName'],
  ])('is for %s', async (_, more, message) => {
    expect(await refusal(assume(roleArn, more))).toEqual({
      name: 'ValidationError',
      message: expect.stringContaining(message),
    });
  });

  it('is throttled and denied under the names of STS', async () => {
    aws.faults.fail('AssumeRole', { error: 'throttled' });
    expect(await refusal(assume())).toMatchObject({ name: 'Throttling' });
    aws.faults.fail('AssumeRole', { error: 'access-denied' });
    expect(await refusal(assume())).toMatchObject({ name: 'AccessDenied' });
  });
});

describe('whoever assumed a role', () => {
  it('reads the secrets that the role may read', async () => {
    expect(await read()).toMatchObject({ SecretString: 'second', ARN: secretArn });
    expect(aws.calls.map(({ command, role }) => [command, role])).toEqual([
      ['AssumeRole', undefined],
      ['GetSecretValue', 'probe'],
    ]);
  });

  it('is denied any other, whether it exists or not', async () => {
    const other = aws.secretsManager.seedSecret({ name: 'amplitude/prod/web', value: 'other' });
    expect(await refusal(read({ SecretId: other }))).toEqual(denied(NOT_ALLOWED, other));
    expect(await refusal(read({ SecretId: 'none' }))).toEqual(denied(NOT_ALLOWED, 'none'));
    expect(await refusal(read({ SecretId: 'amplitude/dev/none' }))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('is denied every read while the secret is locked down', async () => {
    await tag('on');
    for (const input of [{}, { SecretId: secretArn }, { VersionStage: 'AWSPREVIOUS' }]) {
      expect(await refusal(read(input))).toEqual(denied(EXPLICITLY));
    }
    await tag('off');
    expect(await read()).toMatchObject({ SecretString: 'second' });
    await tag('on');
    const untag = new UntagResourceCommand({ SecretId, TagKeys: ['amplitude-lockdown'] });
    await aws.clients.secretsManager.send(untag);
    expect(await read()).toMatchObject({ SecretString: 'second' });
  });

  it('is denied a version by its id, and labels that are not for readers', async () => {
    const VersionId = aws.secretsManager.holderOf(SecretId, 'AWSCURRENT') ?? '';
    const labels = ['AWSPENDING', 'AWAITING-REVOCATION-1', 'COMPROMISED-1', 'x-RETAINED-UNTIL-1'];
    for (const label of labels) aws.secretsManager.putByHand(SecretId, label, [label]);
    const reads = [{ VersionId }, ...labels.map((VersionStage) => ({ VersionStage }))];
    for (const input of reads) expect(await refusal(read(input))).toEqual(denied(EXPLICITLY));
  });

  it('reads the current, the previous and a retained version by their labels', async () => {
    aws.secretsManager.putByHand(SecretId, 'kept', [RETAINED]);
    const values = ['AWSCURRENT', 'AWSPREVIOUS', RETAINED].map(
      async (VersionStage) => (await read({ VersionStage })).SecretString,
    );
    expect(await Promise.all(values)).toEqual(['second', 'first', 'kept']);
  });

  it('reads nothing once its session has expired, or with credentials that nobody was given', async () => {
    const client = await connect();
    aws.clock.advance(HOUR);
    const get = new GetSecretValueCommand({ SecretId });
    expect(await refusal(client.send(get))).toMatchObject({ name: 'ExpiredTokenException' });
    const stranger = aws.connectAs({ accessKeyId: 'ASIA0', secretAccessKey: 'x' });
    expect(await refusal(stranger.send(get))).toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  it('describes the secrets that it is allowed to, and is denied any other', async () => {
    const describe = new DescribeSecretCommand({ SecretId });
    const client = await connect();
    expect(await refusal(client.send(describe))).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        'because no identity-based policy allows the secretsmanager:DescribeSecret action',
      ),
    });
    const describes = ['amplitude/dev/*'];
    const curious = await connect(aws.iam.seedRole({ name: 'curious', reads: [], describes }));
    await tag('on');
    const { VersionIdsToStages = {} } = await curious.send(describe);
    expect(Object.values(VersionIdsToStages).flat().sort()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  it('may do nothing else', async () => {
    const client = await connect();
    const put = client.send(new UntagResourceCommand({ SecretId, TagKeys: ['x'] }));
    await expect(put).rejects.toThrow('does not know UntagResource');
  });
});

it('the functions read a secret that is locked down, by whatever id or label', async () => {
  await tag('on');
  const { clients } = aws;
  const VersionId = aws.secretsManager.putByHand(SecretId, 'next', ['AWSPENDING']);
  for (const input of [{ VersionId }, { VersionStage: 'AWSPENDING' }]) {
    const get = new GetSecretValueCommand({ SecretId, ...input });
    expect((await clients.secretsManager.send(get)).SecretString).toBe('next');
  }
});

it('a role reads nothing under a CMK that is disabled', async () => {
  const kmsKeyId = aws.kms.seedKey();
  aws.secretsManager.seedSecret({ name: 'amplitude/dev/app', value: 'app', kmsKeyId });
  await aws.clients.kms.send(new DisableKeyCommand({ KeyId: kmsKeyId }));
  expect(await refusal(read({ SecretId: 'amplitude/dev/app' }))).toMatchObject({
    name: 'DecryptionFailure',
  });
});
