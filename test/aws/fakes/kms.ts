import {
  type CancelKeyDeletionRequest,
  type DescribeKeyRequest,
  type DisableKeyRequest,
  type EnableKeyRequest,
  type EnableKeyRotationRequest,
  type GetKeyRotationStatusRequest,
  KMSInvalidStateException,
  LimitExceededException,
  type RotateKeyOnDemandRequest,
  type ScheduleKeyDeletionRequest,
} from '@aws-sdk/client-kms';
import type { Clock } from './clock.ts';
import { raise, serviceError } from './errors.ts';
import { everyDays, type Key, type KeyRing, type KeySeed } from './key-ring.ts';
import { defined, type Operations, operation } from './operation.ts';
import type { FakeService } from './pipeline.ts';

const DAY = 86_400_000;

export class FakeKms implements FakeService {
  readonly name = 'kms';
  readonly operations: Operations;
  readonly #ring: KeyRing;
  #disablesAfterMs = 0;

  constructor(ring: KeyRing, clock: Clock) {
    this.#ring = ring;
    this.operations = keyOperations(ring, clock, () => this.#disablesAfterMs);
  }

  /**
   * Key states are eventually consistent: for so long after DisableKey the services still use the key,
   * which is described as disabled already.
   * https://docs.aws.amazon.com/kms/latest/developerguide/accessing-kms.html#programming-eventual-consistency
   */
  slowToDisable(milliseconds: number): void {
    this.#disablesAfterMs = milliseconds;
  }

  /** @returns the key's ARN */
  seedKey(seed: KeySeed = {}): string {
    return this.#ring.add(seed).arn;
  }
}

function keyOperations(ring: KeyRing, clock: Clock, disablesAfterMs: () => number): Operations {
  return {
    DescribeKey: operation<DescribeKeyRequest, 'KeyId'>(['KeyId'], [], ({ KeyId }) => ({
      KeyMetadata: metadata(ring.find(KeyId)),
    })),
    EnableKey: operation<EnableKeyRequest, 'KeyId'>(['KeyId'], [], ({ KeyId }) => {
      const key = ring.findNotPendingDeletion(KeyId);
      key.state = 'Enabled';
      key.usableUntil = undefined;
      return {};
    }),
    DisableKey: operation<DisableKeyRequest, 'KeyId'>(['KeyId'], [], ({ KeyId }) => {
      const key = ring.findNotPendingDeletion(KeyId);
      if (key.state === 'Disabled') return {};
      key.state = 'Disabled';
      key.usableUntil = new Date(clock.now().getTime() + disablesAfterMs());
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
    ScheduleKeyDeletion: operation<ScheduleKeyDeletionRequest, 'KeyId'>(
      ['KeyId'],
      ['PendingWindowInDays'],
      ({ KeyId, PendingWindowInDays }) =>
        scheduleDeletion(ring.findNotPendingDeletion(KeyId), PendingWindowInDays, clock.now()),
    ),
    CancelKeyDeletion: operation<CancelKeyDeletionRequest, 'KeyId'>(['KeyId'], [], ({ KeyId }) =>
      cancelDeletion(ring.findNamed(KeyId)),
    ),
  };
}

function metadata({ id, arn, state, createdAt, deletionAt }: Key) {
  return defined({
    AWSAccountId: arn.split(':')[4],
    KeyId: id,
    Arn: arn,
    CreationDate: createdAt,
    Enabled: state === 'Enabled',
    KeyState: state,
    DeletionDate: deletionAt,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyManager: 'CUSTOMER',
    Origin: 'AWS_KMS',
    MultiRegion: false,
  });
}

function enableRotation(key: Key, days: number | undefined, now: Date) {
  const period = days ?? 365;
  if (period < 90 || period > 2560) {
    throw serviceError('kms', 'ValidationException', 'RotationPeriodInDays must be 90 to 2560.');
  }
  key.rotation = everyDays(period, now);
  return {};
}

/**
 * "While a KMS key is pending deletion, its key rotation status is false":
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html, and a recorded
 * answer without any other field in nccgroup/ScoutSuite#1174.
 */
function rotationStatus({ arn, state, rotation }: Key) {
  if (state === 'PendingDeletion') return { KeyId: arn, KeyRotationEnabled: false };
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

function scheduleDeletion(key: Key, days: number | undefined, now: Date) {
  const window = days ?? 30;
  if (window < 7 || window > 30) {
    throw serviceError('kms', 'ValidationException', 'PendingWindowInDays must be 7 to 30.');
  }
  key.state = 'PendingDeletion';
  key.deletionAt = new Date(now.getTime() + window * DAY);
  const { arn, state, deletionAt } = key;
  return { KeyId: arn, KeyState: state, DeletionDate: deletionAt, PendingWindowInDays: window };
}

/** The key is disabled afterwards. */
function cancelDeletion(key: Key) {
  if (key.state !== 'PendingDeletion') {
    raise(KMSInvalidStateException, `${key.arn} is not pending deletion.`);
  }
  key.state = 'Disabled';
  key.deletionAt = undefined;
  return { KeyId: key.arn };
}
