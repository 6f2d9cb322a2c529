import { randomBytes, randomUUID } from 'node:crypto';
import { DescribeSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { isAwsError } from '../../../lambda/adapters/aws-error.ts';
import { relaySecretField, relayTokenName } from '../../../lambda/contract.ts';
import { Refusal } from '../../keyctl/refusal.ts';
import { awsRefusal } from '../aws-refusal.ts';
import type { Session } from '../session.ts';
import { relayNotDeployed } from './queues.ts';

/** What is known of the relay's tokens without reading one. */
export interface Tokens {
  /** Name of the secret. */
  readonly secret: string;
  /** When it last changed, in any way, ISO 8601. */
  readonly changedAt?: string;
  /** Is one taken beside the current one? The next one ends it. */
  readonly hasPrevious: boolean;
}

/** As many bytes as an HMAC of SHA-256 is keyed with: nobody guesses it. */
const BYTES = 32;

/** @throws Refusal NOT_DEPLOYED, ACCESS_DENIED … */
export async function tokensOf(session: Session): Promise<Tokens> {
  const { secret, changedAt, labels } = await describe(session);
  return {
    secret,
    ...(changedAt ? { changedAt: changedAt.toISOString() } : {}),
    hasPrevious: Object.values(labels).some((all) => all.includes('AWSPREVIOUS')),
  };
}

/**
 * Makes the next token: the current one becomes AWSPREVIOUS, which is taken too. Whether a call without
 * an answer took effect is looked up, since another try would end the token that Dify presents.
 * @returns the id of its version
 * @throws Refusal RELAY_TOKEN_UNCERTAIN, ACCESS_DENIED …
 */
export async function putToken(session: Session, secret: string): Promise<string> {
  const versionId = randomUUID();
  const token = randomBytes(BYTES).toString('base64url');
  const input = {
    SecretId: secret,
    ClientRequestToken: versionId,
    SecretString: JSON.stringify({ [relaySecretField.token]: token }),
  };
  try {
    await session.aws.secretsManager.send(new PutSecretValueCommand(input));
  } catch (error) {
    const refusal = awsRefusal('PutSecretValue', `secret ${secret}`, session, error);
    if (!(await isCurrent(session, secret, versionId, refusal))) throw refusal;
  }
  return versionId;
}

async function isCurrent(session: Session, secret: string, versionId: string, refusal: Refusal) {
  try {
    const { labels } = await describe(session);
    return labels[versionId]?.includes('AWSCURRENT') ?? false;
  } catch (cause) {
    throw new Refusal(
      'RELAY_TOKEN_UNCERTAIN',
      `PutSecretValue of secret ${secret} got no clear answer (${refusal.code}), and whether there is another token can't be told. Don't run it again before you have looked, since each time ends a token: if version ${versionId} is AWSCURRENT, it is made. aws secretsmanager describe-secret --secret-id ${secret} --region ${session.region}`,
      { details: { versionId }, cause },
    );
  }
}

async function describe(session: Session) {
  const secret = relayTokenName(session.environment);
  try {
    const { LastChangedDate: changedAt, VersionIdsToStages: labels = {} } =
      await session.aws.secretsManager.send(new DescribeSecretCommand({ SecretId: secret }));
    return { secret, changedAt, labels };
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) throw relayNotDeployed(session);
    throw awsRefusal('DescribeSecret', `secret ${secret}`, session, error);
  }
}
