import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { isAwsError } from '../../lambda/adapters/aws-error.ts';
import { keyAlias, stagedName } from '../../lambda/contract.ts';
import type { SecretValue } from '../../lambda/domain/secret-value.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { awsRefusal } from './aws-refusal.ts';
import type { Session } from './session.ts';

/** Never overwrites: a parameter stays what its name says, the key with that fingerprint. */
export async function putStaged(session: Session, key: string, value: SecretValue, name: string) {
  const { environment, aws } = session;
  const parameter = stagedName(environment, key, value.fingerprint);
  const input = {
    Name: parameter,
    Value: JSON.stringify({ key: value.reveal(), name }),
    Type: 'SecureString' as const,
    KeyId: keyAlias(environment),
    Overwrite: false,
  };
  try {
    await aws.ssm.send(new PutParameterCommand(input));
  } catch (error) {
    if (isAwsError(error, 'ParameterAlreadyExists')) {
      throw new Refusal(
        'KEY_STAGED_ALREADY',
        `Key ${value.fingerprint} is staged for ${environment}/${key} already. Promote it: npx keyctl rotate --env ${environment} --key ${key}`,
      );
    }
    throw awsRefusal('PutParameter', parameter, session, error);
  }
}

/** @throws Refusal NOT_STAGED when nothing is staged under that fingerprint */
export async function deleteStaged(session: Session, key: string, fingerprint: string) {
  const { environment, aws } = session;
  const parameter = stagedName(environment, key, fingerprint);
  try {
    await aws.ssm.send(new DeleteParameterCommand({ Name: parameter }));
  } catch (error) {
    if (isAwsError(error, 'ParameterNotFound')) {
      throw new Refusal(
        'NOT_STAGED',
        `Nothing is staged for ${environment}/${key} under fingerprint ${fingerprint}. See what is: npx keyctl status --env ${environment} --key ${key}`,
      );
    }
    throw awsRefusal('DeleteParameter', parameter, session, error);
  }
}
