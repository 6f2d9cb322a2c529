import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand } from '@aws-sdk/client-kms';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { Stack } from 'aws-cdk-lib';
import { beforeEach, expect, it } from 'vitest';
import { tag } from '../../../lambda/contract.ts';
import { readerPolicy } from '../../../lib/reader-policy.ts';
import { resolve } from '../policy/intrinsics.ts';
import { refusal } from '../recorded/row.ts';
import { describeOnLocalAws } from './suite.ts';

const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`;
const policy = readerPolicy(
  {
    grants: [{ account: '000000000000', arn: role('consumer') }],
    exemptRoleArns: [role('worker')],
    probeRoleArn: role('probe'),
  },
  { canQuarantine: true },
);
const POLICY = resolve(new Stack().resolve(policy), {}) as { Statement: { Sid: string }[] };

describeOnLocalAws("the local AWS's secrets", (suite) => {
  let SecretId: string;
  let KeyId: string;
  let ARN: string | undefined;
  let VersionId: string | undefined;

  const put = (ResourcePolicy: object) =>
    suite().secretsManager.send(
      new PutResourcePolicyCommand({ SecretId, ResourcePolicy: JSON.stringify(ResourcePolicy) }),
    );
  const readAs = async (name: string, more = {}) => {
    const { client } = await suite().connectAs(role(name));
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId, ...more }));
    return SecretString;
  };
  const mark = (Key: string, Value: string) =>
    suite().secretsManager.send(new TagResourceCommand({ SecretId, Tags: [{ Key, Value }] }));
  const lock = () => mark(tag.lockdown, 'on');

  beforeEach(async () => {
    const { kms, secretsManager, freshName } = suite();
    SecretId = freshName();
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    KeyId = KeyMetadata?.Arn ?? '';
    const secret = { Name: SecretId, SecretString: 'one', KmsKeyId: KeyId };
    ({ ARN, VersionId } = await secretsManager.send(new CreateSecretCommand(secret)));
    await put(POLICY);
  });

  it('are read by whoever assumed a role, unless they are locked down', async () => {
    expect(await readAs('probe')).toBe('one');
    await lock();
    expect(await refusal(readAs('probe'))).toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::000000000000:assumed-role/probe/probe-1 is not authorized to perform: secretsmanager:GetSecretValue on resource: ${ARN} with an explicit deny in a resource-based policy`,
    });
    expect(await readAs('worker')).toBe('one');
    const untag = new UntagResourceCommand({ SecretId, TagKeys: [tag.lockdown] });
    await suite().secretsManager.send(untag);
    expect(await readAs('probe')).toBe('one');
  });

  it('are read by whom a grant names, and by the probe, and by nobody else', async () => {
    for (const name of ['consumer', 'probe', 'worker']) expect(await readAs(name)).toBe('one');
    expect(await refusal(readAs('stranger'))).toMatchObject({ name: 'AccessDeniedException' });
  });

  it.each([
    ['session', (id: string) => id],
    ['role', () => role('consumer')],
    ['address', () => '127.0.0.1'],
  ])('are not read by whom a quarantine denies, by its %s', async (_, wordOf) => {
    const { client, id } = await suite().connectAs(role('consumer'));
    const get = () => client.send(new GetSecretValueCommand({ SecretId }));
    await mark(tag.quarantine(4), `denied 203.0.113.9 ${id}x x${id} denied`);
    expect((await get()).SecretString).toBe('one');
    await mark(tag.quarantine(4), `denied 203.0.113.9 ${wordOf(id)} denied`);
    expect(await refusal(get())).toMatchObject({ name: 'AccessDeniedException' });
    expect(await readAs('worker')).toBe('one');
  });

  it('are read by the labels of readers only', async () => {
    expect(await readAs('probe', { VersionStage: 'AWSCURRENT' })).toBe('one');
    const next = { SecretId, SecretString: 'next', VersionStages: ['AWSPENDING'] };
    await suite().secretsManager.send(new PutSecretValueCommand(next));
    for (const more of [{ VersionId }, { VersionStage: 'AWSPENDING' }]) {
      expect(await refusal(readAs('probe', more))).toMatchObject({ name: 'AccessDeniedException' });
      expect(await readAs('worker', more)).toMatch(/one|next/);
    }
  });

  it('keep nobody out by a policy that the local AWS cannot judge: it fails', async () => {
    const statement = POLICY.Statement.find(({ Sid }) => Sid === 'LockedDown');
    const strange = { Bool: { 'aws:SecureTransport': 'false' } };
    const unfilled = { StringLike: { 'aws:userid': `\${aws:userid}` } };
    const overs = [{ Condition: strange }, { Condition: unfilled }, { Effect: 'Allow' }];
    for (const over of overs) {
      await put({ Version: '2012-10-17', Statement: [{ ...statement, ...over }] });
      expect(await refusal(readAs('probe'))).not.toMatchObject({ name: 'AccessDeniedException' });
      await expect(readAs('probe')).rejects.toThrow();
    }
  });

  it('are neither read nor written under a CMK that is disabled by its ARN', async () => {
    const { kms, secretsManager } = suite();
    const read = () => secretsManager.send(new GetSecretValueCommand({ SecretId }));
    const write = new PutSecretValueCommand({ SecretId, SecretString: 'two' });
    await kms.send(new DisableKeyCommand({ KeyId }));
    expect(await refusal(read())).toMatchObject({ name: 'DecryptionFailure' });
    expect(await refusal(secretsManager.send(write))).toMatchObject({ name: 'EncryptionFailure' });
    await secretsManager.send(new DescribeSecretCommand({ SecretId }));
    await kms.send(new EnableKeyCommand({ KeyId }));
    await secretsManager.send(write);
    expect((await read()).SecretString).toBe('two');
  });

  it('tell CloudTrail by which role they were read', async () => {
    await readAs('probe');
    const LookupAttributes = [
      { AttributeKey: 'EventName' as const, AttributeValue: 'GetSecretValue' },
    ];
    const { Events } = await suite().cloudTrail.send(new LookupEventsCommand({ LookupAttributes }));
    expect(JSON.parse(Events?.[0]?.CloudTrailEvent ?? '{}')).toMatchObject({
      userIdentity: {
        type: 'AssumedRole',
        arn: 'arn:aws:sts::000000000000:assumed-role/probe/probe-1',
        sessionContext: { sessionIssuer: { arn: role('probe') } },
      },
    });
  });
});
