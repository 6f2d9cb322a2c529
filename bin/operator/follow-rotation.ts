import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { secretName } from '../../lambda/contract.ts';
import type { KeyReport } from '../../lambda/payloads.ts';
import type { Context } from '../keyctl/context.ts';
import { awsRefusal } from './aws-refusal.ts';
import { keyReport } from './own-key.ts';
import { patience } from './patience.ts';
import { abandoned, tooLong } from './rotation-failures.ts';
import {
  type LabelsOf,
  type MilestoneName,
  milestonesOf,
  type Started,
} from './rotation-milestones.ts';
import type { Session } from './session.ts';

/**
 * Watches a rotation until all of it is done; answers what AWS knows of the key then.
 * @throws Refusal ROTATION_STALLED, ROTATION_ABANDONED, ROTATION_UNFINISHED
 */
export async function followRotation(
  context: Context,
  session: Session,
  started: Started,
  tell: (milestone: MilestoneName) => void,
): Promise<KeyReport> {
  const until = patience(context, context.following);
  const reached: MilestoneName[] = [];
  const reach = (name: MilestoneName) => {
    reached.push(name);
    tell(name);
  };
  const settled = await until(async () => {
    const labelsOf = await describe(session, started);
    const ahead = milestonesOf(started).filter(({ name }) => !reached.includes(name));
    for (const milestone of ahead) if (milestone.reached(labelsOf)) reach(milestone.name);
    if (isAbandoned(started, reached, labelsOf)) throw abandoned(session, started);
    return reached.includes('settled') && (!started.replaced || reached.includes('retained'));
  });
  const report = settled && (await until(() => reportOnceUnstaged(session, started)));
  if (!report) throw tooLong(session, started, reached, context.following.forMs);
  reach('unstaged');
  return report;
}

async function describe(session: Session, { key }: Started): Promise<LabelsOf> {
  const SecretId = secretName(session.environment, key);
  try {
    const answer = await session.aws.secretsManager.send(new DescribeSecretCommand({ SecretId }));
    return (versionId) => answer.VersionIdsToStages?.[versionId] ?? [];
  } catch (error) {
    throw awsRefusal('DescribeSecret', `secret ${SecretId}`, session, error);
  }
}

/** It was pending and is neither that nor current: someone put a value or took the label off. */
const isAbandoned = ({ token }: Started, reached: readonly MilestoneName[], of: LabelsOf) =>
  reached.includes('pending') && !reached.includes('promoted') && !of(token).includes('AWSPENDING');

async function reportOnceUnstaged(session: Session, { key, candidate }: Started) {
  const report = await keyReport(session, key);
  return report.staged.some(({ fingerprint }) => fingerprint === candidate) ? undefined : report;
}
