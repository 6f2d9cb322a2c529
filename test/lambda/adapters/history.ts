import { ownRoles } from '../../../lambda/domain/own-roles.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';
import type { ReadSeed } from '../../aws/fakes/recorded-event.ts';
import { ARN, backend, LOG_GROUP, NAME, NOW, thief } from './leak.ts';

const DAY = 86_400_000;
export const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY);
export const OWN = ownRoles({ arn: ARN }, 'dev');
export const QUESTION = { environment: 'dev', now: NOW } as const;

const OTHER = 'amplitude/dev/export';
const read = (days: number, seed: Partial<ReadSeed> = {}): ReadSeed => ({
  secretId: NAME,
  by: backend,
  at: daysAgo(days),
  ...seed,
});

const READS: readonly ReadSeed[] = [
  read(1),
  read(2, { secretId: ARN }),
  read(29, { secretId: ARN.slice(0, -7) }),
  read(31),
  read(80),
  read(91),
  read(5, { by: thief, errorCode: 'AccessDenied' }),
  read(6, { by: thief, errorCode: 'DecryptionFailure' }),
  read(40, { by: thief }),
  read(10, { secretId: OTHER }),
  read(1, { secretId: 'amplitude/prod/web' }),
  read(1, { secretId: 'other/amplitude/dev/web' }),
  read(1, { secretId: 'database' }),
];

/** An account in which all of this was recorded. */
export function recorded(): FakeAws {
  const aws = new FakeAws({ now: NOW });
  aws.logs.seedCloudTrail(LOG_GROUP);
  for (const seed of READS) aws.cloudTrail.seedRead(seed);
  return aws;
}
