import {
  DescribeSecretCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { it } from 'vitest';
import type { Stage } from '../recorded/row.ts';
import { rows } from '../recorded/secrets-manager.ts';
import { eventually } from './eventually.ts';
import { deployRotationFunction } from './rotation-function.ts';
import { describeOnLocalAws, type Suite } from './suite.ts';

describeOnLocalAws('the local Secrets Manager answers as AWS was recorded to', (suite) => {
  it.each(rows)('$row: $title', async ({ run }) => {
    await run(suite().secretsManager, stageOn(suite()));
  });
});

function stageOn({ aws, secretsManager, lambda, freshName }: Suite): Stage {
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
