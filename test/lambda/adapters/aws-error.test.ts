import { describe, expect, it } from 'vitest';
import { awsFailure } from '../../../lambda/adapters/aws-error.ts';
import { KeysError } from '../../../lambda/domain/errors.ts';

const exception = (name: string, message = '') =>
  Object.assign(new Error(message), { name, $metadata: { requestId: 'request-1' } });

describe('a failed AWS call', () => {
  it.each([
    [
      'SECRET_MARKED_FOR_DELETION',
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    ],
    ['CMK_UNAVAILABLE', 'DecryptionFailure', ''],
    ['CMK_UNAVAILABLE', 'InvalidKeyId', ''],
    ['CMK_UNAVAILABLE', 'KMSDisabledException', ''],
    ['CMK_UNAVAILABLE', 'AccessDeniedException', 'Access to KMS is not allowed'],
    ['CREDENTIALS_EXPIRED', 'ExpiredTokenException', ''],
    ['CREDENTIALS_EXPIRED', 'CredentialsProviderError', ''],
    ['ACCESS_DENIED', 'AccessDeniedException', 'User: x is not authorized'],
    ['THROTTLED', 'ThrottlingException', 'Rate exceeded'],
    ['AWS_CALL_FAILED', 'InternalServiceError', ''],
    ['AWS_CALL_FAILED', 'TimeoutError', ''],
  ])('is %s for %s', (code, name, message) => {
    const failure = awsFailure('GetSecretValue', 'secret x', exception(name, message));
    expect(failure).toMatchObject({
      code,
      fields: { call: 'GetSecretValue', awsError: name, requestId: 'request-1' },
    });
    expect(failure.message).toMatch(/^GetSecretValue of secret x failed: .+\(\w+\)\. .+\.$/);
  });

  it('tells a connection that failed by its code, since its name tells nothing', () => {
    const error = Object.assign(new Error('connect 10.0.0.1:443'), { code: 'ECONNREFUSED' });
    const failure = awsFailure('GetSecretValue', 'secret x', error);
    expect(failure.fields.awsError).toBe('ECONNREFUSED');
    expect(failure.message).toContain('(ECONNREFUSED)');
  });

  it("never passes AWS's own message on, which may quote the request", () => {
    const secret = 'f'.repeat(32);
    const failure = awsFailure(
      'PutSecretValue',
      'secret x',
      exception('ValidationException', secret),
    );
    expect(failure.message + JSON.stringify(failure.fields)).not.toContain(secret);
  });

  it.each([undefined, 'text', { name: 7, message: {}, $metadata: null }, { name: 'f'.repeat(32) }])(
    'is told of whatever was thrown: %j',
    (error) => {
      expect(awsFailure('GetSecretValue', 'secret x', error)).toMatchObject({
        code: 'AWS_CALL_FAILED',
        fields: { awsError: 'Error' },
      });
    },
  );

  it('that is an error of ours already stays what it is', () => {
    const error = new KeysError('NOTHING_STAGED', 'nothing');
    expect(awsFailure('x', 'y', error)).toBe(error);
  });
});
