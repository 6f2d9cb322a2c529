import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { read, role } from '../aws/recorded/cloudtrail.ts';
import type { LocalAccount } from './local-account.ts';

export const ACCOUNT = '000000000000';

/** Whose session it is, and where it reads from. */
export interface Whence {
  readonly role: string;
  readonly session: string;
  readonly address: string;
  readonly agent?: string;
}

/** Somebody in a session of a role. */
export interface Reader extends Whence {
  /** What policies know the session by: `aws:userid`. */
  readonly userid: string;
  /** @throws what the local AWS refuses by; it judges the secret's own policy alone */
  read(secretId: string): Promise<void>;
}

export async function assume(account: LocalAccount, whence: Whence): Promise<Reader> {
  const connection = account.connection();
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/${whence.role}`;
  const { AssumedRoleUser, Credentials } = await new STSClient(connection).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: whence.session }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const [accessKeyId, secretAccessKey] = [AccessKeyId, SecretAccessKey];
  const credentials = { accessKeyId, secretAccessKey, sessionToken: SessionToken };
  const client = new SecretsManagerClient({ ...connection, credentials });
  return {
    ...whence,
    userid: AssumedRoleUser?.AssumedRoleId ?? '',
    async read(SecretId) {
      await client.send(new GetSecretValueCommand({ SecretId }));
    },
  };
}

/** CloudTrail's record of a read, as it would be of the local AWS's account. */
export function recordOf(reader: Whence & { readonly userid?: string }, at: Date) {
  const { role: name, session, address, agent, userid } = reader;
  const by = role(name, session);
  const identity = userid === undefined ? by : { ...by, principalId: userid };
  const recorded = read({ by: identity, from: address, at, ...(agent ? { with: agent } : {}) });
  return JSON.parse(JSON.stringify(recorded).replaceAll('111122223333', ACCOUNT));
}
