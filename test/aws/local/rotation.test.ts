import {
  CreateSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  type RotateSecretCommandInput,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect, it } from 'vitest';
import { labels } from '../recorded/row.ts';
import { eventually } from './eventually.ts';
import { logged } from './logs.ts';
import { deployRotationFunction } from './rotation-function.ts';
import { describeOnLocalAws, type Suite } from './suite.ts';

const DAY = 86_400_000;
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
const PENDING = ['AWSPENDING'];

describeOnLocalAws('RotateSecret on the local AWS', (suite) => {
  it('invokes the four steps with AWSPENDING there before there is a value', async () => {
    const name = 'four-steps';
    const { SecretId, token } = await rotated(suite(), name);
    await eventually(async () => isCurrent(suite(), SecretId, token));
    const seen = await eventually(() => logged(suite().aws, name, 4));
    expect(seen.map(({ Step }) => Step)).toEqual(STEPS);
    expect(seen[0]).toMatchObject({ labels: PENDING, value: 'ResourceNotFoundException' });
    expect(seen[2]).toMatchObject({ labels: PENDING, value: `value of ${token}` });
    expect(seen[0]).toHaveProperty('RotationToken');
    expect(seen[0]?.runtime).toMatch(/^v24\./);
  });

  it('tries a failed rotation again with the same token and then leaves AWSPENDING', async () => {
    const name = 'failing';
    const { SecretId, v1, token } = await rotated(suite(), name, { fails: 'testSecret' });
    const seen = await eventually(() => logged(suite().aws, name, 6));
    expect(seen.map(({ Step }) => Step)).toEqual([...STEPS.slice(0, 3), ...STEPS.slice(0, 3)]);
    expect(new Set(seen.map((each) => each.ClientRequestToken))).toEqual(new Set([token]));
    const left = { [v1]: ['AWSCURRENT'], [token]: PENDING };
    expect(await labels(suite().secretsManager, SecretId)).toEqual(left);
    await expect(rotate(suite(), { SecretId })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    });
  });

  it('rotates again once an operator took the leftover AWSPENDING off', async () => {
    const name = 'healed';
    const { SecretId, v1, token } = await rotated(suite(), name, { fails: 'testSecret' });
    await eventually(() => logged(suite().aws, name, 6));
    const off = { SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: token };
    await suite().secretsManager.send(new UpdateSecretVersionStageCommand(off));
    const RotationLambdaARN = await deployRotationFunction(suite().lambda, { name: 'working' });
    const { VersionId: next = '' } = await rotate(suite(), { SecretId, RotationLambdaARN });
    await eventually(async () => isCurrent(suite(), SecretId, next));
    expect(await labels(suite().secretsManager, SecretId)).toEqual({
      [v1]: ['AWSPREVIOUS'],
      [next]: ['AWSCURRENT'],
    });
  });

  it('only tries testSecret out, on a pending version without value, if not at once', async () => {
    const name = 'try-out';
    const { SecretId, v1 } = await rotated(suite(), name, {}, { RotateImmediately: false });
    const seen = await eventually(() => logged(suite().aws, name, 1));
    expect(seen).toMatchObject([
      { Step: 'testSecret', labels: PENDING, value: 'ResourceNotFoundException' },
    ]);
    const only = { [v1]: ['AWSCURRENT'] };
    await eventually(async () => {
      return Object.keys(await labels(suite().secretsManager, SecretId)).length === 1;
    });
    expect(await labels(suite().secretsManager, SecretId)).toEqual(only);
  });

  it('starts at once though a try-out is running', async () => {
    const { SecretId } = await rotated(suite(), 'both', {}, { RotateImmediately: false });
    const { VersionId: token = '' } = await rotate(suite(), { SecretId });
    await eventually(async () => isCurrent(suite(), SecretId, token));
  });

  it('is abandoned where somebody puts a value by hand', async () => {
    const { SecretId, token } = await rotated(suite(), 'abandoned', { fails: 'setSecret' });
    await eventually(() => logged(suite().aws, 'abandoned', 4));
    const put = new PutSecretValueCommand({ SecretId, SecretString: 'by hand' });
    await suite().secretsManager.send(put);
    const now = await labels(suite().secretsManager, SecretId);
    expect(Object.values(now)).toEqual(expect.arrayContaining([['AWSPREVIOUS'], ['AWSCURRENT']]));
    expect(now).not.toHaveProperty(token);
  });

  it('happens by itself when the moved clock passes the date, in the function too', async () => {
    const { aws, secretsManager } = suite();
    const rules = { RotationRules: { ScheduleExpression: 'rate(90 days)', Duration: '4h' } };
    const { SecretId, token } = await rotated(suite(), 'scheduled', {}, rules);
    const describe = () => secretsManager.send(new DescribeSecretCommand({ SecretId }));
    const first = await eventually(async () => {
      const described = await describe();
      return described.LastRotatedDate && described;
    });
    expect(first.RotationRules).toEqual(rules.RotationRules);
    aws.clock.advance(91 * DAY);
    const second = await eventually(async () => {
      const described = await describe();
      return described.LastRotatedDate?.getTime() !== first.LastRotatedDate?.getTime() && described;
    });
    expect(second.VersionIdsToStages?.[token]).toEqual(['AWSPREVIOUS']);
    expect(daysBetween(first.NextRotationDate, second.NextRotationDate)).toBeCloseTo(91, 1);
    const [, , , , created] = await eventually(() => logged(aws, 'scheduled', 8));
    expect(daysBetween(new Date(), new Date(created?.time ?? 0))).toBeCloseTo(
      aws.clock.offset() / DAY,
      1,
    );
  });
});

/** A secret of one version whose rotation has been asked for. */
async function rotated(
  suite: Suite,
  name: string,
  options: { fails?: string } = {},
  input: Partial<RotateSecretCommandInput> = {},
) {
  const RotationLambdaARN = await deployRotationFunction(suite.lambda, { name, ...options });
  const SecretId = suite.freshName();
  const create = new CreateSecretCommand({ Name: SecretId, SecretString: 'one' });
  const { VersionId: v1 = '' } = await suite.secretsManager.send(create);
  const RotationRules = { AutomaticallyAfterDays: 90 };
  const asked = { SecretId, RotationLambdaARN, RotationRules, ...input };
  const { VersionId: token = '' } = await rotate(suite, asked);
  return { SecretId, v1, token };
}

const rotate = ({ secretsManager }: Suite, input: RotateSecretCommandInput) =>
  secretsManager.send(new RotateSecretCommand(input));

async function isCurrent({ secretsManager }: Suite, SecretId: string, token: string) {
  const now = await labels(secretsManager, SecretId);
  return now[token]?.join() === 'AWSCURRENT';
}

const daysBetween = (from?: Date, to?: Date) =>
  ((to?.getTime() ?? 0) - (from?.getTime() ?? 0)) / DAY;
