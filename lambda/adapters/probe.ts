import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Probe, Refusal } from '../domain/ports.ts';
import { awsFailure, isAwsError } from './aws-error.ts';

/** A role that lacks a permission is denied as well, and proves nothing: the wording tells them apart. */
const DENIED_BY_POLICY = 'explicit deny in a resource-based policy';

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
    async refusal(secretId) {
      const client = connect(await assume(sts, RoleArn));
      try {
        await client.send(new GetSecretValueCommand({ SecretId: secretId }));
        return undefined;
      } catch (error) {
        return refusalIn(error, secretId);
      } finally {
        client.destroy();
      }
    },
  };
}

/** @throws KeysError for what is no refusal by the lockdown */
function refusalIn(error: unknown, secretId: string): Refusal {
  if (isAwsError(error, 'AccessDeniedException', DENIED_BY_POLICY)) return 'policy';
  const failure = awsFailure('GetSecretValue', `secret ${secretId}`, error);
  if (failure.code === 'CMK_UNAVAILABLE') return 'cmk';
  throw failure;
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
