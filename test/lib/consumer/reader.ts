import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { FakeAws } from '../../aws/fakes/fake-aws.ts';

/** Secrets Manager as a consumer's role sees it, with credentials that never run out. */
export function reader(aws: FakeAws, { describes = true } = {}): SecretsManagerClient {
  const reads = ['amplitude/dev/*'];
  const RoleArn = describes
    ? aws.iam.seedRole({ name: 'app', reads, describes: reads })
    : aws.iam.seedRole({ name: 'reads-only', reads });
  const connect = async () => {
    const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'app-1' });
    const { Credentials: { AccessKeyId = '', SecretAccessKey = '', SessionToken } = {} } =
      await aws.clients.sts.send(assume);
    return aws.connectAs({
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    });
  };
  const send = async (command: never) => (await connect()).send(command);
  return Object.create(aws.clients.secretsManager, { send: { value: send } });
}

/** What consumers called, and the label they named. */
export const readsOf = (aws: FakeAws) =>
  aws.calls
    .filter(({ role }) => role !== undefined)
    .map(({ command, input }) => [command, input.VersionStage].filter(Boolean).join(' '));
