import {
  type DescribeKeyRequest,
  type DisableKeyRequest,
  type EnableKeyRequest,
  type EnableKeyRotationRequest,
  type GetKeyRotationStatusRequest,
  LimitExceededException,
  type RotateKeyOnDemandRequest,
} from '@aws-sdk/client-kms';
import type { Clock } from './clock.ts';
import { raise, serviceError } from './errors.ts';
import type { Key, KeyRing, KeySeed } from './key-ring.ts';
import { defined, type Operations, operation } from './operation.ts';
import type { FakeService } from './pipeline.ts';

const DAY = 86_400_000;

export class FakeKms implements FakeService {
  readonly name = 'kms';
  readonly operations: Operations;
  readonly #ring: KeyRing;

  constructor(ring: KeyRing, clock: Clock) {
    this.#ring = ring;
    this.operations = keyOperations(ring, clock);
  }

  /** @returns the key's ARN */
  seedKey(seed: KeySeed = {}): string {
    return this.#ring.add(seed).arn;
  }
}

function keyOperations(ring: KeyRing, clock: Clock): Operations {
  return {
    DescribeKey: operation<DescribeKeyRequest, 'KeyId'>(['KeyId'], [], ({ KeyId }) => ({
      KeyMetadata: metadata(ring.find(KeyId)),
    })),
    EnableKey: operation<EnableKeyRequest, 'KeyId'>(['KeyId'], [], ({ KeyId }) => {
      ring.findNamed(KeyId).enabled = true;
      return {};
    }),
    DisableKey: operation<DisableKeyRequest, 'KeyId'>(['KeyId'], [], ({ KeyId }) => {
      ring.findNamed(KeyId).enabled = false;
      return {};
    }),
    EnableKeyRotation: operation<EnableKeyRotationRequest, 'KeyId'>(
      ['KeyId'],
      ['RotationPeriodInDays'],
      ({ KeyId, RotationPeriodInDays }) =>
        enableRotation(ring.findEnabled(KeyId), RotationPeriodInDays, clock.now()),
    ),
    GetKeyRotationStatus: operation<GetKeyRotationStatusRequest, 'KeyId'>(
      ['KeyId'],
      [],
      ({ KeyId }) => rotationStatus(ring.findNamed(KeyId)),
    ),
    RotateKeyOnDemand: operation<RotateKeyOnDemandRequest, 'KeyId'>(['KeyId'], [], ({ KeyId }) =>
      rotateOnDemand(ring.findEnabled(KeyId)),
    ),
  };
}

function metadata({ id, arn, enabled, createdAt }: Key) {
  return {
    AWSAccountId: arn.split(':')[4],
    KeyId: id,
    Arn: arn,
    CreationDate: createdAt,
    Enabled: enabled,
    KeyState: enabled ? 'Enabled' : 'Disabled',
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyManager: 'CUSTOMER',
    Origin: 'AWS_KMS',
    MultiRegion: false,
  };
}

function enableRotation(key: Key, days: number | undefined, now: Date) {
  const period = days ?? 365;
  if (period < 90 || period > 2560) {
    throw serviceError('kms', 'ValidationException', 'RotationPeriodInDays must be 90 to 2560.');
  }
  key.rotation = { days: period, next: new Date(now.getTime() + period * DAY) };
  return {};
}

function rotationStatus({ arn, rotation }: Key) {
  return defined({
    KeyId: arn,
    KeyRotationEnabled: rotation !== undefined,
    RotationPeriodInDays: rotation?.days,
    NextRotationDate: rotation?.next,
  });
}

function rotateOnDemand(key: Key) {
  if (key.onDemandRotationsLeft < 1) {
    raise(
      LimitExceededException,
      `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${key.arn}`,
    );
  }
  key.onDemandRotationsLeft -= 1;
  return { KeyId: key.id };
}
