import {
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import type { Cmk, CmkSwitch } from '../domain/ports.ts';
import type { CmkReport } from '../payloads.ts';
import { awsFailure } from './aws-error.ts';

/** The rotation of a key that is disabled or pending deletion isn't asked for: KMS may refuse it. */
export function cmk(client: KMSClient, arn: string): Cmk {
  return {
    async describe() {
      try {
        const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: arn }));
        const state = KeyMetadata?.KeyState ?? 'Unknown';
        if (state !== 'Enabled') return { arn, state, rotationEnabled: false };
        return { arn, state, ...(await rotationOf(client, arn)) };
      } catch (error) {
        throw awsFailure('DescribeKey', `CMK ${arn}`, error);
      }
    },
  };
}

/** By its ARN: KMS takes no alias here. */
export function cmkSwitch(client: KMSClient, arn: string): CmkSwitch {
  return {
    async disable() {
      try {
        await client.send(new DisableKeyCommand({ KeyId: arn }));
      } catch (error) {
        throw awsFailure('DisableKey', `CMK ${arn}`, error);
      }
    },
    async enable() {
      try {
        await client.send(new EnableKeyCommand({ KeyId: arn }));
      } catch (error) {
        throw awsFailure('EnableKey', `CMK ${arn}`, error);
      }
    },
  };
}

async function rotationOf(
  client: KMSClient,
  KeyId: string,
): Promise<Pick<CmkReport, 'rotationEnabled' | 'nextRotationAt'>> {
  const answer = await client.send(new GetKeyRotationStatusCommand({ KeyId }));
  const { KeyRotationEnabled: rotationEnabled = false, NextRotationDate } = answer;
  if (!NextRotationDate) return { rotationEnabled };
  return { rotationEnabled, nextRotationAt: NextRotationDate.toISOString() };
}
