import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  type Filter,
  GetSecretValueCommand,
  ListSecretsCommand,
  type ListSecretsCommandInput,
  RestoreSecretCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-11-24T00:00:00Z');
const SecretId = 'amplitude/dev/web';
let aws: FakeAws;

beforeEach(() => {
  aws = new FakeAws({ now: NOW });
});

const describeIt = (id = SecretId) =>
  aws.clients.secretsManager.send(new DescribeSecretCommand({ SecretId: id }));

describe('a secret', () => {
  it('is described with its fields that have a value and no others', async () => {
    const rotation = { lambdaArn: 'arn:aws:lambda:us-east-1:111122223333:function:r', days: 90 };
    const tags = { owner: 'growth' };
    aws.secretsManager.seedSecret({ name: SecretId, value: 'first', tags, rotation });
    const { $metadata, ...described } = await describeIt();
    expect(described).toEqual({
      ARN: expect.stringMatching(
        /^arn:aws:secretsmanager:us-east-1:111122223333:secret:amplitude\/dev\/web-[0-9a-f]{6}$/,
      ),
      Name: SecretId,
      RotationEnabled: true,
      RotationLambdaARN: rotation.lambdaArn,
      RotationRules: { AutomaticallyAfterDays: 90 },
      NextRotationDate: new Date(NOW.getTime() + 90 * DAY),
      LastChangedDate: NOW,
      CreatedDate: NOW,
      Tags: [{ Key: 'owner', Value: 'growth' }],
      VersionIdsToStages: {
        [aws.secretsManager.holderOf(SecretId, 'AWSCURRENT') ?? '']: ['AWSCURRENT'],
      },
    });
  });

  it('is found by name, ARN and ARN without its suffix', async () => {
    const arn = aws.secretsManager.seedSecret({ name: SecretId });
    for (const id of [SecretId, arn, arn.slice(0, -7)]) {
      expect((await describeIt(id)).ARN).toBe(arn);
    }
    expect(await refusal(describeIt(arn.slice(0, -1)))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('is created once under a valid name', async () => {
    const create = (Name: string) =>
      aws.clients.secretsManager.send(new CreateSecretCommand({ Name, SecretString: 'one' }));
    await create(SecretId);
    expect(await refusal(create(SecretId))).toMatchObject({ name: 'ResourceExistsException' });
    expect(await refusal(create('bad name'))).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('changes its LastChangedDate with each change, a tag too', async () => {
    aws.secretsManager.seedSecret({ name: SecretId });
    const client = aws.clients.secretsManager;
    const changes = [
      () => client.send(new UpdateSecretCommand({ SecretId, Description: 'of growth' })),
      () => client.send(new UpdateSecretCommand({ SecretId, SecretString: 'next' })),
      () => client.send(new TagResourceCommand({ SecretId, Tags: [{ Key: 'a', Value: '1' }] })),
      () => client.send(new UntagResourceCommand({ SecretId, TagKeys: ['a'] })),
    ];
    for (const change of changes) {
      aws.clock.advance(1000);
      await change();
      expect((await describeIt()).LastChangedDate).toEqual(aws.clock.now());
    }
    expect(aws.secretsManager.tagsOf(SecretId)).toEqual({});
  });

  it.each([
    { Key: 'aws:mine', Value: '' },
    { Key: 'team', Value: 'ann,bob' },
    { Key: 'team', Value: 'x'.repeat(257) },
  ])('takes no tag that is reserved or of characters that tags have not: $Key', async (one) => {
    aws.secretsManager.seedSecret({ name: SecretId });
    const tag = new TagResourceCommand({ SecretId, Tags: [one] });
    expect(await refusal(aws.clients.secretsManager.send(tag))).toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});

describe('deletion', () => {
  beforeEach(() => {
    aws.secretsManager.seedSecret({ name: SecretId, value: 'first' });
  });

  it('hides a secret from the list unless asked for, lets it be described and can be undone', async () => {
    const client = aws.clients.secretsManager;
    await client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
    expect((await client.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
    const DeletedDate = new Date(NOW.getTime() + 7 * DAY);
    const list = new ListSecretsCommand({ IncludePlannedDeletion: true });
    expect((await client.send(list)).SecretList).toMatchObject([{ Name: SecretId, DeletedDate }]);
    expect((await describeIt()).DeletedDate).toEqual(DeletedDate);
    await client.send(new RestoreSecretCommand({ SecretId }));
    const read = await client.send(new GetSecretValueCommand({ SecretId }));
    expect(read.SecretString).toBe('first');
  });

  it('is final once its recovery window has passed', async () => {
    await aws.clients.secretsManager.send(new DeleteSecretCommand({ SecretId }));
    aws.clock.advance(30 * DAY);
    expect(await refusal(describeIt())).toMatchObject({ name: 'ResourceNotFoundException' });
    aws.secretsManager.seedSecret({ name: SecretId });
  });
});

describe('the list of secrets', () => {
  const names = async (input: ListSecretsCommandInput) => {
    const answer = await aws.clients.secretsManager.send(new ListSecretsCommand(input));
    return answer.SecretList?.map(({ Name }) => Name);
  };

  beforeEach(() => {
    aws.secretsManager.seedSecret({ name: 'amplitude/dev/web', tags: { team: 'growth' } });
    aws.secretsManager.seedSecret({ name: 'amplitude/dev2/web', tags: { team: 'data' } });
    aws.secretsManager.seedSecret({ name: 'other' });
  });

  it('is filtered by prefixes of name and of tag, all of which must match', async () => {
    const filters = (...Filters: Filter[]) => names({ Filters });
    const named = (prefix: string): Filter => ({ Key: 'name', Values: [prefix] });
    expect(await filters(named('amplitude/dev/'))).toEqual(['amplitude/dev/web']);
    expect(await filters({ Key: 'tag-key', Values: ['te', 'none'] })).toHaveLength(2);
    expect(await filters(named('amplitude/dev'), { Key: 'tag-value', Values: ['data'] })).toEqual([
      'amplitude/dev2/web',
    ]);
  });

  it('refuses a filter that the fake does not know', async () => {
    const call = names({ Filters: [{ Key: 'all', Values: ['x'] }] });
    await expect(call).rejects.toThrow('does not know the filter all');
  });

  it('refuses a token that it did not give out', async () => {
    expect(await refusal(names({ NextToken: 'mine' }))).toMatchObject({
      name: 'InvalidNextTokenException',
    });
  });
});
