import { type ErrorCode, type ErrorFields, KeysError } from '../domain/errors.ts';
import { mayHoldKey } from '../domain/keyless.ts';

interface AwsException {
  readonly name: string;
  readonly message: string;
  readonly requestId?: string;
}

/**
 * What of an SDK error may be looked at; its message is matched, never passed on. A connection that
 * failed is a plain `Error` with a code of the system.
 */
function awsException(error: unknown): AwsException {
  const { name, code, message, $metadata } = (error ?? {}) as Readonly<Record<string, unknown>>;
  const requestId = wordIn(($metadata as { requestId?: unknown } | undefined)?.requestId);
  return {
    name: (name === 'Error' && wordIn(code)) || (wordIn(name) ?? 'Error'),
    message: typeof message === 'string' ? message : '',
    ...(requestId ? { requestId } : {}),
  };
}

/** It is told, and the SDK takes it from whatever answered. */
const wordIn = (value: unknown) =>
  typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) && !mayHoldKey(value)
    ? value
    : undefined;

interface Reading {
  readonly code: ErrorCode;
  readonly when: (error: AwsException) => boolean;
  readonly says: string;
  readonly next: string;
}

const named =
  (...names: string[]) =>
  ({ name }: AwsException) =>
    names.includes(name);

const READINGS: readonly Reading[] = [
  {
    code: 'SECRET_MARKED_FOR_DELETION',
    when: ({ name, message }) =>
      name === 'InvalidRequestException' && message.includes('marked for deletion'),
    says: 'the secret is marked for deletion',
    next: 'Restore it: aws secretsmanager restore-secret --secret-id <name>',
  },
  {
    code: 'SERVICE_NOT_FOUND',
    when: named(
      'ServiceNotFoundException',
      'ServiceNotActiveException',
      'ClusterNotFoundException',
    ),
    says: 'there is no such active service or cluster in this account and Region',
    next: 'Name the right one as ecsService in lib/environments.ts, or take it out there, and deploy',
  },
  {
    code: 'SERVICE_NOT_RESTARTABLE',
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
    when: ({ name, message }) =>
      name === 'InvalidParameterException' && message.includes('deployment controller'),
    says: 'its deployments are not made by ECS itself but by CodeDeploy or another controller',
    next: 'Deploy it there, take ecsService out of lib/environments.ts and restart it by a rule for the event Amplitude Key Rotated',
  },
  {
    code: 'CMK_UNAVAILABLE',
    when: ({ name, message }) =>
      /^(KMS|Disabled|DecryptionFailure|EncryptionFailure|InvalidKeyId)/.test(name) ||
      /access to KMS is not allowed/i.test(message),
    says: "the environment's CMK is disabled, pending deletion or not permitted (an environment in lockdown looks like this)",
    next: 'Nothing is healed until it is enabled again; look at the CMK by its alias with aws kms describe-key',
  },
  {
    code: 'CREDENTIALS_EXPIRED',
    when: named(
      'ExpiredTokenException',
      'ExpiredToken',
      'CredentialsProviderError',
      'TokenProviderError',
      'UnrecognizedClientException',
      'InvalidClientTokenId',
      'SignatureDoesNotMatch',
      'InvalidSignatureException',
    ),
    says: 'the AWS credentials are missing, invalid or expired',
    next: 'Sign in again (aws sso login, say) and check AWS_PROFILE: AWS_ACCESS_KEY_ID in the environment overrides it',
  },
  {
    code: 'ACCESS_DENIED',
    when: named(
      'AccessDeniedException',
      'AccessDenied',
      'AuthorizationErrorException',
      'NotAuthorizedForSourceException',
      'NotAuthorizedForDetailTypeException',
    ),
    says: 'AWS denied it',
    next: 'Check the role, the account and the Region: aws sts get-caller-identity',
  },
  {
    code: 'THROTTLED',
    when: named(
      'ThrottlingException',
      'Throttling',
      'ThrottledException',
      'TooManyRequestsException',
      'RequestLimitExceeded',
      'ProvisionedThroughputExceededException',
      // Of SQS
      'RequestThrottled',
      'KmsThrottled',
    ),
    says: 'AWS throttles the call',
    next: 'It is safe to run again in a minute',
  },
];

const ANYTHING_ELSE: Pick<Reading, 'code' | 'says' | 'next'> = {
  code: 'AWS_CALL_FAILED',
  says: 'AWS refused or did not answer',
  next: 'It is safe to run again; the request id tells AWS support which call it was',
};

/** An SDK error as one of ours: which call on what, AWS's exception name and request id, what to do next. */
export function awsFailure(call: string, of: string, error: unknown): KeysError {
  if (error instanceof KeysError) return error;
  const exception = awsException(error);
  const { code, says, next } = READINGS.find(({ when }) => when(exception)) ?? ANYTHING_ELSE;
  const { name, requestId } = exception;
  const fields: ErrorFields = { call, awsError: name, ...(requestId ? { requestId } : {}) };
  return new KeysError(code, `${call} of ${of} failed: ${says} (${name}). ${next}.`, fields, error);
}

export const isAwsError = (error: unknown, name: string, message = '') => {
  const exception = awsException(error);
  return exception.name === name && exception.message.includes(message);
};
