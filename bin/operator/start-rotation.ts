import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { isAwsError } from '../../lambda/adapters/aws-error.ts';
import { functionName, secretName } from '../../lambda/contract.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { awsRefusal, keyNotDeployed } from './aws-refusal.ts';
import type { Session } from './session.ts';

/** Asks Secrets Manager to rotate now. Answers the id of the version that is being made. */
export async function startRotation(session: Session, key: string): Promise<string> {
  const SecretId = secretName(session.environment, key);
  try {
    const answer = await session.aws.secretsManager.send(new RotateSecretCommand({ SecretId }));
    return answer.VersionId ?? '';
  } catch (error) {
    throw refusalOf(session, key, error);
  }
}

function refusalOf(session: Session, key: string, error: unknown): Refusal {
  const { environment } = session;
  const place = `${environment}/${key}`;
  const SecretId = secretName(environment, key);
  if (isAwsError(error, 'ResourceNotFoundException')) return keyNotDeployed(session, key);
  if (isAwsError(error, 'InvalidRequestException', 'No Lambda rotation function')) {
    return new Refusal(
      'ROTATION_NOT_ENABLED',
      `Rotation of ${place} is switched off. Switch it on with aws secretsmanager rotate-secret --secret-id ${SecretId} --no-rotate-immediately and the rotation rules; a deploy without changes puts nothing back.`,
    );
  }
  if (isAwsError(error, 'InvalidRequestException', 'previous rotation')) {
    return new Refusal(
      'ROTATION_UNDER_WAY',
      `A rotation of ${place} is under way already. Follow it: npx keyctl status --env ${environment} --key ${key}`,
    );
  }
  if (isAwsError(error, 'AccessDeniedException', 'cannot invoke the specified Lambda')) {
    return new Refusal(
      'ROTATION_NOT_PERMITTED',
      `Secrets Manager may not invoke function ${functionName(environment, 'rotation')}: its resource policy was changed. Give principal secretsmanager.amazonaws.com lambda:InvokeFunction back with aws lambda add-permission; a deploy without changes puts nothing back.`,
    );
  }
  return awsRefusal('RotateSecret', `secret ${SecretId}`, session, error);
}
