import {
  type CancelRotateSecretRequest,
  InvalidRequestException,
  type RotateSecretRequest,
} from '@aws-sdk/client-secrets-manager';
import { raise, serviceError } from './errors.ts';
import { type Operations, operation } from './operation.ts';
import { parseRules } from './rotation-rules.ts';
import type { RotationService } from './rotation-service.ts';
import type { RotationConfig, Secret } from './secret.ts';
import type { SecretStore } from './secret-store.ts';
import { checkedToken, named } from './secret-values.ts';

export function rotationOperations(store: SecretStore, service: RotationService): Operations {
  return {
    RotateSecret: operation<RotateSecretRequest, 'SecretId'>(
      ['SecretId'],
      ['ClientRequestToken', 'RotationLambdaARN', 'RotationRules', 'RotateImmediately'],
      (input) => rotate(store, service, input),
    ),
    CancelRotateSecret: operation<CancelRotateSecretRequest, 'SecretId'>(
      ['SecretId'],
      [],
      ({ SecretId }) => cancel(store.find(SecretId), store.now()),
    ),
  };
}

function rotate(
  store: SecretStore,
  service: RotationService,
  input: RotateSecretRequest & { SecretId: string },
) {
  const secret = store.find(input.SecretId);
  const token = checkedToken(input.ClientRequestToken);
  const config = configOf(secret, input);
  if (!service.onRotate) throw serviceError('secretsmanager', 'AccessDeniedException', NO_INVOKE);
  refuseUnfinished(secret);
  secret.configureRotation(config, store.now());
  if (input.RotateImmediately === false) {
    service.tryOut(secret, token);
    return named(secret);
  }
  service.start(secret, token);
  return { ...named(secret), VersionId: token };
}

function configOf({ rotation }: Secret, input: RotateSecretRequest): RotationConfig {
  const lambdaArn = input.RotationLambdaARN ?? rotation?.lambdaArn;
  if (!lambdaArn) raise(InvalidRequestException, NO_FUNCTION);
  if (!input.RotationRules) return { rules: {}, ...rotation, lambdaArn, enabled: true };
  const { lastRotatedAt } = rotation ?? {};
  const rules = parseRules(input.RotationRules);
  return { lambdaArn, rules, enabled: true, ...(lastRotatedAt ? { lastRotatedAt } : {}) };
}

/** "present but not attached to the same version as AWSCURRENT": API_RotateSecret */
function refuseUnfinished({ labels }: Secret): void {
  const pending = labels.get('AWSPENDING');
  if (pending !== undefined && pending !== labels.get('AWSCURRENT')) {
    raise(
      InvalidRequestException,
      "A previous rotation isn't complete. That rotation will be reattempted.",
    );
  }
}

function cancel(secret: Secret, now: Date) {
  const { rotation, attempt } = secret;
  if (!rotation) raise(InvalidRequestException, NO_FUNCTION);
  rotation.enabled = false;
  secret.lastChangedAt = now;
  if (attempt?.state === 'running' || attempt?.state === 'failed') attempt.state = 'abandoned';
  return named(secret);
}

const NO_FUNCTION = 'No Lambda rotation function ARN is associated with this secret.';
const NO_INVOKE =
  'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.';
