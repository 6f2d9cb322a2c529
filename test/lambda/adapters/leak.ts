import type { ActivityQuestion } from '../../../lambda/domain/activity.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';
import type { EventSeed, ReadSeed } from '../../aws/fakes/recorded-event.ts';

export const NOW = new Date('2026-11-24T12:00:00Z');
const HOUR = 3_600_000;
export const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * HOUR);

export const LOG_GROUP = 'cloudtrail';
export const NAME = 'amplitude/dev/web';
export const ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:amplitude/dev/web-AbCdEf';
const STAGED = '/amplitude/dev/web/staged';
export const PARAMETER = `${STAGED}/0123456789ab`;
const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const CMK = `arn:aws:kms:us-east-1:111122223333:key/${KEY_ID}`;

const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
export const backend = { roleArn: roleArn('backend'), session: 'task-1' };
export const thief = { roleArn: roleArn('thief'), session: 'laptop' };
export const eve = { userArn: 'arn:aws:iam::111122223333:user/eve' };

/** The current version since 48 hours ago; before, another one was. */
export const question: ActivityQuestion = {
  secret: { arn: ARN, name: NAME },
  stagedPath: STAGED,
  cmkArn: CMK,
  wanted: {
    of: 'version',
    versionId: 'v2',
    labels: ['LABEL-v2'],
    tenures: [{ label: 'AWSCURRENT', from: hoursAgo(48) }],
  },
  from: hoursAgo(72),
  to: NOW,
};

/** It was current for a day, and AWSPREVIOUS for an hour after that. */
export const replaced: ActivityQuestion = {
  ...question,
  wanted: {
    of: 'version',
    versionId: 'v1',
    labels: [],
    tenures: [
      { label: 'AWSCURRENT', from: hoursAgo(70), to: hoursAgo(48) },
      { label: 'AWSPREVIOUS', from: hoursAgo(48), to: hoursAgo(47) },
    ],
  },
};

/** It was retained, with another deadline after a rollback, and has lost the labels that consumers read. */
export const revoked: ActivityQuestion = {
  ...question,
  wanted: {
    of: 'version',
    versionId: '1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d',
    labels: ['COMPROMISED-20261124T110000Z-1a2b3c4d'],
    tenures: [],
  },
};

export const staged: ActivityQuestion = {
  ...question,
  wanted: { of: 'staged', parameter: PARAMETER },
};

const read = (hours: number, seed: Partial<ReadSeed> = {}): ReadSeed => ({
  secretId: NAME,
  by: backend,
  at: hoursAgo(hours),
  ...seed,
});

const READS: readonly ReadSeed[] = [
  read(71),
  read(60, { secretId: ARN }),
  read(60, { versionStage: 'AWSPREVIOUS' }),
  read(48),
  read(47.5, { versionStage: 'AWSPREVIOUS' }),
  read(30, { versionId: 'v1' }),
  read(30, { versionId: 'v2', versionStage: 'AWSCURRENT' }),
  read(20, { secretId: ARN.slice(0, -7), versionStage: 'AWSCURRENT' }),
  read(10, { by: thief, versionId: 'v2', vpcEndpointId: 'vpce-1', userAgent: 'curl/8' }),
  read(10, { by: thief, versionStage: 'LABEL-v2', sourceIPAddress: '198.51.100.7' }),
  read(40, { by: thief, versionStage: 'RETAINED-UNTIL-20261201T120000Z-1a2b3c4d' }),
  read(39, { by: thief, versionStage: 'RETAINED-UNTIL-20261220T120000Z-1a2b3c4d' }),
  read(38, { by: thief, versionStage: 'RETAINED-UNTIL-20261220T120000Z-1a2b3c4e' }),
  read(37, {
    by: thief,
    versionId: 'v0',
    versionStage: 'RETAINED-UNTIL-20261220T120000Z-1a2b3c4d',
  }),
  read(9.5, { by: eve, versionStage: 'AWSPENDING' }),
  read(9, { by: { service: 'ecs-tasks.amazonaws.com' } }),
  read(8, { by: eve, errorCode: 'AccessDenied' }),
  read(8, { by: eve, secretId: 'amplitude/dev/web-2' }),
  read(100),
];

const ssm = (name: string, requestParameters: object, by: EventSeed['by'] = eve): EventSeed => ({
  name,
  source: 'ssm.amazonaws.com',
  by,
  at: hoursAgo(5),
  requestParameters,
});

const kms = (name: string, requestParameters: object, arn = CMK): EventSeed => ({
  name,
  source: 'kms.amazonaws.com',
  by: thief,
  at: hoursAgo(4),
  requestParameters,
  resources: [{ type: 'AWS::KMS::Key', arn }],
});

const change = (name: string, more: object = {}, secretId = ARN): EventSeed => ({
  name,
  source: 'secretsmanager.amazonaws.com',
  by: eve,
  at: hoursAgo(3),
  requestParameters: { secretId, ...more },
  readOnly: false,
});

const tags = [{ key: 'amplitude-lockdown', value: 'on' }];
const CALLS: readonly EventSeed[] = [
  ssm('GetParameter', { name: PARAMETER, withDecryption: true }),
  ssm('GetParameters', { names: ['/other', `${STAGED}/ffffffffffff`] }),
  ssm('GetParametersByPath', { path: '/amplitude/dev/' }, thief),
  ssm('GetParametersByPath', { path: '/amplitude/dev/web-2' }),
  ssm('GetParameterHistory', { name: PARAMETER }),
  { ...ssm('GetParameter', { name: PARAMETER }), errorCode: 'AccessDenied' },
  kms('Decrypt', { encryptionContext: { SecretARN: ARN } }),
  kms('Decrypt', { encryptionContext: { SecretARN: ARN } }),
  kms('Decrypt', { encryptionContext: { SecretARN: `${ARN}-2` } }),
  kms('Decrypt', { encryptionContext: { PARAMETER_ARN: `arn:aws:ssm:x:1:parameter${PARAMETER}` } }),
  kms('Decrypt', {}),
  kms('Decrypt', { encryptionContext: { SecretARN: ARN } }, `${CMK.slice(0, -1)}f`),
  kms('DisableKey', { keyId: KEY_ID }),
  kms('CreateGrant', { keyId: CMK }),
  kms('DisableKey', { keyId: 'another' }, `${CMK.slice(0, -1)}f`),
  change('PutResourcePolicy'),
  { ...change('DeleteResourcePolicy'), errorCode: 'AccessDenied' },
  change('PutSecretValue', {}, 'amplitude/dev/web-2'),
  change('TagResource', { tags }, NAME),
  change('TagResource', { tags: [{ key: 'owner', value: 'me' }] }, NAME),
  change('UntagResource', { tagKeys: ['amplitude-lockdown'] }),
  { name: 'StopLogging', source: 'cloudtrail.amazonaws.com', by: eve, at: hoursAgo(2) },
  { name: 'DescribeKey', source: 'kms.amazonaws.com', by: eve, at: hoursAgo(2) },
];

/** An account in which all of this was recorded. */
export function leak(): FakeAws {
  const aws = new FakeAws({ now: NOW });
  aws.logs.seedCloudTrail(LOG_GROUP);
  for (const seed of READS) aws.cloudTrail.seedRead(seed);
  for (const seed of CALLS) aws.cloudTrail.seedEvent(seed);
  return aws;
}

export const timerOf = ({ clock }: FakeAws) => ({
  now: () => clock.now(),
  sleep: async (milliseconds: number) => clock.advance(milliseconds),
});
