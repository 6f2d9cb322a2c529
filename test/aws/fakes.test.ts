import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  paginateListSecrets,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { PublishCommand } from '@aws-sdk/client-sns';
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

let aws: FakeAws;
const SecretId = 'amplitude/dev/web';
const read = () => aws.clients.secretsManager.send(new GetSecretValueCommand({ SecretId }));
const write = (SecretString: string) =>
  aws.clients.secretsManager.send(new PutSecretValueCommand({ SecretId, SecretString }));

beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  aws.secretsManager.seedSecret({ name: SecretId, value: 'first' });
});

describe('a call', () => {
  it('that the fake does not know is refused by name', async () => {
    const call = aws.clients.secretsManager.send(new GetRandomPasswordCommand({}));
    await expect(call).rejects.toThrow('does not know GetRandomPassword');
  });

  it('with a field that the fake does not know is refused by name', async () => {
    const input = { Name: 'other', ForceOverwriteReplicaSecret: true };
    const call = aws.clients.secretsManager.send(new CreateSecretCommand(input));
    await expect(call).rejects.toThrow('does not know ForceOverwriteReplicaSecret');
  });

  it('without a field that AWS needs is refused by name', async () => {
    const call = aws.clients.secretsManager.send(
      new TagResourceCommand({ SecretId, Tags: undefined }),
    );
    await expect(call).rejects.toThrow('TagResource lacks Tags');
  });

  it('is recorded without the values of secrets', async () => {
    await write('a'.repeat(32));
    const Value = 'b'.repeat(32);
    const parameter = { Name: '/staged', Value, Type: 'SecureString' } as const;
    await aws.clients.ssm.send(new PutParameterCommand(parameter));
    expect(aws.calls.map(({ command }) => command)).toEqual(['PutSecretValue', 'PutParameter']);
    expect(JSON.stringify(aws.calls)).not.toMatch(/a{32}|b{32}/);
    expect(aws.countOf('PutSecretValue')).toBe(1);
    aws.resetCalls();
    expect(aws.calls).toEqual([]);
  });

  it('answers with copies and metadata, as over a wire', async () => {
    const rotation = { lambdaArn: 'arn:aws:lambda:us-east-1:111122223333:function:r', days: 90 };
    aws.secretsManager.seedSecret({ name: 'other', rotation });
    const describeIt = () =>
      aws.clients.secretsManager.send(new DescribeSecretCommand({ SecretId: 'other' }));
    const { RotationRules, $metadata } = await describeIt();
    Object.assign(RotationRules ?? {}, { AutomaticallyAfterDays: 1 });
    expect((await describeIt()).RotationRules).toEqual({ AutomaticallyAfterDays: 90 });
    expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: expect.any(String) });
  });

  it("works with the SDK's paginators, page by page", async () => {
    for (const name of ['b', 'c']) aws.secretsManager.seedSecret({ name: `amplitude/dev/${name}` });
    const config = { client: aws.clients.secretsManager, pageSize: 2 };
    const pages: number[] = [];
    for await (const { SecretList = [] } of paginateListSecrets(config, {})) {
      pages.push(SecretList.length);
    }
    expect(pages).toEqual([2, 1]);
  });
});

describe('a fault', () => {
  it('before the call leaves no trace of it', async () => {
    aws.faults.fail('PutSecretValue', { error: 'throttled' });
    expect(await refusal(write('second'))).toMatchObject({ name: 'ThrottlingException' });
    expect((await read()).SecretString).toBe('first');
  });

  it('after the call has it take effect all the same', async () => {
    aws.faults.fail('PutSecretValue', { when: 'after', error: 'timeout' });
    expect(await refusal(write('second'))).toMatchObject({ name: 'TimeoutError' });
    expect((await read()).SecretString).toBe('second');
  });

  it('hits the n-th call as often as told, then no more', async () => {
    const error = { name: 'InternalServiceError', message: 'An error occurred', httpStatus: 500 };
    aws.faults.fail('GetSecretValue', { nth: 2, times: 2, error });
    const outcomes: string[] = [];
    for (let call = 0; call < 4; call += 1) outcomes.push((await refusal(read())).name);
    expect(outcomes).toEqual([
      'no error',
      'InternalServiceError',
      'InternalServiceError',
      'no error',
    ]);
  });

  it('hits only the calls whose input it asks for, and is pending until then', async () => {
    aws.faults.fail('GetSecretValue', {
      where: (input) => input.VersionStage === 'AWSPENDING',
      error: 'access-denied',
    });
    await read();
    expect(aws.faults.pending).toEqual(['GetSecretValue']);
    const pending = new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPENDING' });
    expect(await refusal(aws.clients.secretsManager.send(pending))).toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(aws.faults.pending).toEqual([]);
  });

  it('of any call hits whichever service is called next', async () => {
    const TopicArn = aws.sns.seedTopic('amplitude-dev');
    aws.faults.fail('*', { error: 'throttled' });
    const publish = new PublishCommand({ TopicArn, Message: 'Rotated' });
    expect(await refusal(aws.clients.sns.send(publish))).toMatchObject({
      name: 'ThrottledException',
    });
    expect(aws.calls.at(-1)).toMatchObject({ command: 'Publish', error: 'ThrottledException' });
  });
});

describe('request rates', () => {
  const writeTimes = async (times: number) => {
    for (let time = 0; time < times; time += 1) await write(`value ${time}`);
  };

  it('are no limit unless enabled', async () => {
    await expect(writeTimes(51)).resolves.toBeUndefined();
  });

  it('are those of the account, and fill again with the clock', async () => {
    aws.limits.enable();
    await writeTimes(50);
    expect(await refusal(write('one more'))).toMatchObject({ name: 'ThrottlingException' });
    aws.clock.advance(100);
    await expect(writeTimes(5)).resolves.toBeUndefined();
    expect(await refusal(write('one more'))).toMatchObject({ name: 'ThrottlingException' });
  });

  it('are shared by the reads of Parameter Store', async () => {
    aws.limits.enable();
    const get = () => aws.clients.ssm.send(new GetParameterCommand({ Name: '/none' }));
    for (let call = 0; call < 40; call += 1) {
      expect(await refusal(get())).toMatchObject({ name: 'ParameterNotFound' });
    }
    expect(await refusal(get())).toMatchObject({ name: 'ThrottlingException' });
  });
});
