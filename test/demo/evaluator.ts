import {
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { authorize, denying, type Principal } from '../aws/policy/authorize.ts';
import { SECRET } from './cast.ts';
import type { LocalAccount } from './local-account.ts';
import { ACCOUNT, type Reader } from './reader.ts';

/** What AWS decides reads of a secret by, beside the reader's own policies. */
interface Deployed {
  readonly arn: string;
  readonly policy: unknown;
  readonly tags: Readonly<Record<string, string>>;
}

async function deployed(account: LocalAccount): Promise<Deployed> {
  const client = new SecretsManagerClient(account.connection());
  const asked = { SecretId: SECRET };
  const { ARN = '', Tags = [] } = await client.send(new DescribeSecretCommand(asked));
  const { ResourcePolicy = '' } = await client.send(new GetResourcePolicyCommand(asked));
  const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  return { arn: ARN, policy: JSON.parse(ResourcePolicy), tags };
}

/** Everybody's own policies allow all reads, so that the secret's policy decides. */
const ALLOWS_ALL = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'secretsmanager:*', Resource: '*' },
};

/** Which statements deny each to read the secret as it is deployed and tagged; of who may, that. */
export async function verdicts(
  account: LocalAccount,
  readers: readonly Reader[],
): Promise<string[]> {
  const secret = await deployed(account);
  return readers.map((reader) => verdict(secret, reader, account.now()));
}

function verdict({ arn, policy, tags }: Deployed, reader: Reader, now: Date): string {
  const who: Principal = {
    kind: 'identity',
    id: `arn:aws:iam::${ACCOUNT}:role/${reader.role}`,
    account: ACCOUNT,
    userid: reader.userid,
    policies: [ALLOWS_ALL],
  };
  const tagged = Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  const context = {
    ...Object.fromEntries(tagged),
    'aws:ResourceTag/*': undefined,
    'secretsmanager:VersionId': undefined,
    'secretsmanager:VersionStage': undefined,
    'aws:SourceVpce': undefined,
    'aws:SourceIp': reader.address,
    'aws:CurrentTime': now.toISOString(),
  };
  const asked = { action: 'secretsmanager:GetSecretValue', resource: arn, context };
  const decision = authorize(who, asked, { account: ACCOUNT, policy });
  const by = denying(policy, who, asked).map(({ Sid }) => Sid);
  return by.length > 0 ? by.join(', ') : `– (${decision})`;
}
