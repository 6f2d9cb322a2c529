import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateKeyCommand, EnableKeyRotationCommand } from '@aws-sdk/client-kms';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { it } from 'vitest';
import { rows as logEvents } from '../documented/log-events.ts';
import { rows as secretsAndKeys } from '../documented/secrets-and-keys.ts';
import type { Stage } from '../documented/stage.ts';
import { describeOnLocalAws, type Suite } from './suite.ts';

describeOnLocalAws("the local AWS answers as AWS's reference says", (suite) => {
  it.each([...logEvents, ...secretsAndKeys])('$title', ({ run }) => run(stageOn(suite())));
});

function stageOn({ aws, secretsManager, kms, logs, freshName }: Suite): Stage {
  return {
    secretsManager,
    kms,
    logs,
    async freshSecret() {
      const Name = freshName();
      await secretsManager.send(new CreateSecretCommand({ Name, SecretString: 'one' }));
      return Name;
    },
    async freshKey() {
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
      const KeyId = KeyMetadata?.Arn ?? '';
      await kms.send(new EnableKeyRotationCommand({ KeyId }));
      return KeyId;
    },
    async freshGroup() {
      const logGroupName = freshName();
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
      return logGroupName;
    },
    now: () => new Date(Date.now() + aws.clock.offset()),
  };
}
