import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Probe } from '../domain/ports.ts';
import { awsFailure } from './aws-error.ts';

/** What a refused read looks like: by a policy, or because the CMK can't decrypt. */
const REFUSED = ['ACCESS_DENIED', 'CMK_UNAVAILABLE'];

/** As a client of the SDK takes them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Reads as a consumer would, by a role that no policy exempts; the value is not even looked at. */
export function probe(
  sts: STSClient,
  RoleArn: string,
  connect: (credentials: Credentials) => SecretsManagerClient,
): Probe {
  return {
    async isRefused(secretId) {
      const client = connect(await assume(sts, RoleArn));
      try {
        await client.send(new GetSecretValueCommand({ SecretId: secretId }));
        return false;
      } catch (error) {
        const failure = awsFailure('GetSecretValue', `secret ${secretId}`, error);
        if (REFUSED.includes(failure.code)) return true;
        throw failure;
      } finally {
        client.destroy();
      }
    },
  };
}

async function assume(sts: STSClient, RoleArn: string): Promise<Credentials> {
  const input = { RoleArn, RoleSessionName: 'lockdown-probe' };
  try {
    const { Credentials: session } = await sts.send(new AssumeRoleCommand(input));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = session ?? {};
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
  } catch (error) {
    throw awsFailure('AssumeRole', RoleArn, error);
  }
}
