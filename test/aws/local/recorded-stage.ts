import { CreateKeyCommand, RotateKeyOnDemandCommand } from '@aws-sdk/client-kms';
import {
  DescribeSecretCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { KeyStage } from '../recorded/kms.ts';
import type { Stage } from '../recorded/row.ts';
import { eventually } from './eventually.ts';
import { deployRotationFunction } from './rotation-function.ts';
import type { Suite } from './suite.ts';

/** What the recorded rows of Secrets Manager need, on a MiniStack. */
export function secretStageOn({ aws, secretsManager, lambda, freshName }: Suite): Stage {
  const names: string[] = [];
  const deploy = (name: string, permitted: boolean) =>
    deployRotationFunction(lambda, { name, permitted });
  return {
    freshName() {
      const name = freshName();
      names.push(name);
      return name;
    },
    rotationFunction: () => deploy('rotation', true),
    forbiddenFunction: () => deploy('forbidden', false),
    async settled() {
      for (const name of names) await eventually(() => hasNoPending(secretsManager, name));
    },
    bareClient: bareClient(aws.endpoint),
  };
}

async function hasNoPending(client: SecretsManagerClient, SecretId: string): Promise<boolean> {
  const described = await client.send(new DescribeSecretCommand({ SecretId })).catch((error) => {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  });
  return !Object.values(described?.VersionIdsToStages ?? {})
    .flat()
    .includes('AWSPENDING');
}

/** Takes off the ClientRequestToken that the SDK fills in. */
function bareClient(endpoint: string): SecretsManagerClient {
  const credentials = { accessKeyId: '000000000000', secretAccessKey: 'local' };
  const client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials });
  client.middlewareStack.add(
    (next) => async (step) => {
      const request = step.request as { body: string; headers: Record<string, string> };
      const { ClientRequestToken: _, ...body } = JSON.parse(String(request.body));
      request.body = JSON.stringify(body);
      request.headers['content-length'] = `${Buffer.byteLength(request.body)}`;
      return next(step);
    },
    { step: 'build', priority: 'low' },
  );
  return client;
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
const ROTATIONS_ON_DEMAND = 25;

/** What those of KMS need. */
export function keyStageOn({ kms }: Suite): KeyStage {
  const freshKey = async () => {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    return KeyMetadata?.Arn ?? '';
  };
  return {
    freshKey,
    async exhaustedKey() {
      const KeyId = await freshKey();
      for (let done = 0; done < ROTATIONS_ON_DEMAND; done += 1) {
        await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
      }
      return KeyId;
    },
    unknownKey: `arn:aws:kms:us-east-1:000000000000:key/${crypto.randomUUID()}`,
  };
}
