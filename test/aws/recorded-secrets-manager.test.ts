import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import type { RotationEvent } from './fakes/rotation-service.ts';
import type { Stage } from './recorded/row.ts';
import { rows } from './recorded/secrets-manager.ts';

describe('the fake Secrets Manager answers as AWS was recorded to', () => {
  it('in all 18 recordings', () => {
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 18 }, (_, at) => at + 1));
  });

  it.each(rows)('$row: $title', async ({ run }) => {
    const aws = new FakeAws({ now: START });
    await run(aws.clients.secretsManager, stageOf(aws));
  });

  it('where the service takes AWSPENDING off itself, as row 12 has it too', async () => {
    const aws = new FakeAws({ now: START, takesPendingOff: true });
    const [twice] = rows.filter(({ row }) => row === 12);
    const stage = stageOf(aws);
    aws.secretsManager.onRotate = (event) => rotate(aws, event, false);
    const rotationFunction = async () => FUNCTION;
    await twice?.run(aws.clients.secretsManager, { ...stage, rotationFunction });
  });
});

const START = new Date('2026-11-24T00:00:00Z');
const FUNCTION = 'arn:aws:lambda:us-east-1:111122223333:function:rotation';

function stageOf(aws: FakeAws): Stage {
  let names = 0;
  return {
    freshName() {
      names += 1;
      return `amplitude/dev/key-${names}`;
    },
    async rotationFunction() {
      aws.secretsManager.onRotate = (event) => rotate(aws, event, true);
      return FUNCTION;
    },
    forbiddenFunction: async () => FUNCTION,
    settled: () => aws.settled(),
    bareClient: aws.bareSecretsManager,
  };
}

/** The smallest rotation function: a value at createSecret, the labels at finishSecret. */
async function rotate(aws: FakeAws, event: RotationEvent, takesPendingOff: boolean) {
  const { Step, SecretId, ClientRequestToken: token } = event;
  const client = aws.clients.secretsManager;
  if (Step === 'createSecret') {
    const value = { SecretString: `value of ${token}`, VersionStages: ['AWSPENDING'] };
    await client.send(new PutSecretValueCommand({ SecretId, ClientRequestToken: token, ...value }));
  }
  if (Step === 'finishSecret') {
    const { VersionId: from = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
    const move = { RemoveFromVersionId: from, MoveToVersionId: token };
    await client.send(
      new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT', ...move }),
    );
    if (!takesPendingOff) return;
    const off = { VersionStage: 'AWSPENDING', RemoveFromVersionId: token };
    await client.send(new UpdateSecretVersionStageCommand({ SecretId, ...off }));
  }
}
