import { TransformParameterError } from '@aws-lambda-powertools/parameters/errors';
import { awsFailure, isAwsError } from '../../lambda/adapters/aws-error.ts';
import { KeysError } from '../../lambda/domain/errors.ts';
import { malformed } from './key-field.ts';
import { settingInvalid } from './settings.ts';

/** What Powertools throws as one of ours. Its message of a value that isn't JSON quotes it. */
export function readFailure(secretId: string, error: unknown): KeysError {
  if (error instanceof TransformParameterError) return malformed(secretId, 'it is not JSON');
  const { cause = error } = error as { cause?: unknown };
  if (isAwsError(cause, 'ResourceNotFoundException')) {
    return new KeysError(
      'SECRET_NOT_FOUND',
      `There is no secret ${secretId} in this account and Region, or it has no such version. Check its name, the account and the Region: aws sts get-caller-identity`,
      { call: 'GetSecretValue', awsError: 'ResourceNotFoundException' },
      cause,
    );
  }
  if (isAwsError(cause, 'Error', 'Region is missing')) {
    return settingInvalid(
      `The secret ${secretId} can't be read: no AWS Region is set. Set AWS_REGION, or a region in the profile.`,
      cause,
    );
  }
  return awsFailure('GetSecretValue', `secret ${secretId}`, cause);
}

export const noKeyAccepted = (secretId: string, unreadable: unknown) => {
  const some = unreadable === undefined ? '' : ' that could be read';
  return new KeysError(
    'NO_KEY_ACCEPTED',
    `Amplitude rejects every key of the secret ${secretId}${some}, the current and the retained ones. Stage a key that works, then rotate, in the repository of amplitude-keys: npx keyctl stage, npx keyctl rotate. Is the data residency the right one?`,
    {},
    unreadable,
  );
};
