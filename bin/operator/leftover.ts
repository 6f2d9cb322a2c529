import {
  DescribeSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { secretName } from '../../lambda/contract.ts';
import type { KeyReport, VersionReport } from '../../lambda/payloads.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { utc } from '../terminal/times.ts';
import { awsRefusal } from './aws-refusal.ts';
import type { Session } from './session.ts';

const HOUR = 3_600_000;

/**
 * An AWSPENDING left over blocks the next rotation. One without a value is dead an hour after the
 * secret last changed, and is taken off; any other is explained. Answers whether one was taken off.
 * @throws Refusal ROTATION_UNDER_WAY, ROTATION_LEFT_OVER
 */
export async function clearLeftover(
  session: Session,
  { key, versions }: KeyReport,
  now: Date,
): Promise<boolean> {
  const pending = versions.find(
    ({ labels, state }) => labels.includes('AWSPENDING') && state !== 'current',
  );
  if (!pending) return false;
  if (pending.content !== 'empty') throw leftOver(session, key, pending);
  const changedAt = (await lastChanged(session, key)) ?? now;
  const deadAt = new Date(changedAt.getTime() + HOUR);
  if (deadAt > now) {
    throw new Refusal(
      'ROTATION_UNDER_WAY',
      `A rotation of ${session.environment}/${key} seems to be under way (AWSPENDING without a value). If it isn't over by ${utc(deadAt)}, it is dead, and this command clears it: npx keyctl rotate --env ${session.environment} --key ${key}`,
    );
  }
  await takeOff(session, key, pending.versionId);
  return true;
}

function leftOver({ environment }: Session, key: string, pending: VersionReport): Refusal {
  const place = `${environment}/${key}`;
  const what = pending.fingerprint
    ? `key ${pending.fingerprint}${pending.name ? ` ("${pending.name}")` : ''}`
    : `a value that is ${pending.content}`;
  return new Refusal(
    'ROTATION_LEFT_OVER',
    `A rotation of ${place} holds ${what} as AWSPENDING: it is under way or was left over, and the current key stays. Secrets Manager tries again by itself; if that key is no longer staged, stage it again under the same name, so that the next try can finish. Otherwise the hourly sweep clears the leftover, 24 hours after it first saw it. Follow it: npx keyctl status --env ${environment} --key ${key}`,
  );
}

async function lastChanged(session: Session, key: string) {
  const SecretId = secretName(session.environment, key);
  try {
    const answer = await session.aws.secretsManager.send(new DescribeSecretCommand({ SecretId }));
    return answer.LastChangedDate;
  } catch (error) {
    throw awsRefusal('DescribeSecret', `secret ${SecretId}`, session, error);
  }
}

async function takeOff(session: Session, key: string, versionId: string): Promise<void> {
  const SecretId = secretName(session.environment, key);
  const input = { SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: versionId };
  try {
    await session.aws.secretsManager.send(new UpdateSecretVersionStageCommand(input));
  } catch (error) {
    throw awsRefusal('UpdateSecretVersionStage', `secret ${SecretId}`, session, error);
  }
}
