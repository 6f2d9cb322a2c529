import {
  CreateKeyCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
} from '@aws-sdk/client-kms';
import { CreateFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { expect, it } from 'vitest';
import { logLinesOf } from './logs.ts';
import { deployRotationFunction } from './rotation-function.ts';
import { describeOnLocalAws } from './suite.ts';
import { zipOf } from './zip.ts';

const DAY = 86_400_000;
const LONG = 16_000_000;

describeOnLocalAws('the local AWS', (suite) => {
  it('listens on loopback only', () => {
    expect(suite().aws.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('answers the name and message of what a function threw, as Lambda does', async () => {
    const { lambda, secretsManager, freshName } = suite();
    const SecretId = freshName();
    await secretsManager.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one' }));
    await deployRotationFunction(lambda, { name: 'throws', fails: 'setSecret' });
    const event = { Step: 'setSecret', SecretId, ClientRequestToken: 'token' };
    const Payload = Buffer.from(JSON.stringify(event));
    const answer = await lambda.send(new InvokeCommand({ FunctionName: 'throws', Payload }));
    expect(answer.FunctionError).toBe('Unhandled');
    const body = JSON.parse(new TextDecoder().decode(answer.Payload));
    expect(body).toMatchObject({ errorType: 'TOLD', errorMessage: 'as told' });
  });

  it('has all lines of a run in its log, also those that were long in coming', async () => {
    const { aws, lambda } = suite();
    const code = `exports.handler = async () => {
      const lines = [{ line: 'first' }, { line: 'long', text: 'x'.repeat(${LONG}) }, { line: 'last' }];
      for (const line of lines) console.log(JSON.stringify(line));
    };`;
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'prints',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::000000000000:role/prints',
        Code: { ZipFile: zipOf('index.js', code) },
      }),
    );
    await lambda.send(new InvokeCommand({ FunctionName: 'prints' }));
    const lines = await logLinesOf(aws, 'prints');
    expect(lines).toMatchObject([{ line: 'first' }, { line: 'long' }, { line: 'last' }]);
  });

  it('keeps a SecureString under a CMK and reads it decrypted by path', async () => {
    const { kms, ssm } = suite();
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const KeyId = KeyMetadata?.Arn ?? '';
    const Path = '/amplitude/dev/web/staged';
    const parameter = { Name: `${Path}/abc`, Value: 'next', KeyId };
    await ssm.send(new PutParameterCommand({ ...parameter, Type: 'SecureString' }));
    const read = await ssm.send(new GetParametersByPathCommand({ Path, WithDecryption: true }));
    expect(read.Parameters).toMatchObject([{ Value: 'next', Type: 'SecureString' }]);
  });

  it('rotates a CMK automatically', async () => {
    const { kms } = suite();
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const KeyId = KeyMetadata?.KeyId;
    await kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 180 }));
    const status = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 180 });
  });

  it('dates everything by the moved clock', async () => {
    const { aws, secretsManager, freshName } = suite();
    const SecretId = freshName();
    const before = Date.now() + aws.clock.offset();
    aws.clock.advance(30 * DAY);
    await secretsManager.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one' }));
    const { CreatedDate } = await secretsManager.send(new DescribeSecretCommand({ SecretId }));
    expect(CreatedDate?.getTime()).toBeGreaterThan(before + 30 * DAY - 2_000);
    expect(CreatedDate?.getTime()).toBeLessThan(before + 30 * DAY + 60_000);
  });

  it('forgets everything at a reset', async () => {
    const { aws, secretsManager, freshName } = suite();
    const SecretId = freshName();
    await secretsManager.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one' }));
    await aws.reset();
    await expect(secretsManager.send(new DescribeSecretCommand({ SecretId }))).rejects.toThrow(
      "Secrets Manager can't find the specified secret.",
    );
  });
});
