import { tag } from '../../../lambda/contract.ts';
import { KEYS, tagsOf, type World, type WorldOptions } from '../../lambda/world.ts';
import { nextSweep, settle, start, sweep } from './operations.ts';
import { DAY, HOUR, RETENTION_DAYS } from './scenario.ts';

/** What is the case before an operation. */

const tags = { [tag.retainPreviousDays]: String(RETENTION_DAYS) };
export const INGESTION: WorldOptions = { tags };
export const CANARY: WorldOptions = {
  tags: { ...tags, [tag.verification]: 'canary' },
};
export const SECRET_KEY: WorldOptions = {
  value: JSON.stringify({ secretKey: KEYS.first, name: 'secret, first', held: [] }),
  tags: { ...tags, [tag.kind]: 'secret', [tag.pairedWith]: 'server' },
};

export const WITH_SERVICE: WorldOptions = { tags, services: ['dify/web'] };

/** The rotation's four steps come next. */
export async function started(world: World) {
  await world.stage(KEYS.second);
  await sweep(world);
  await start(world);
}

/** Likewise, of a secret key that the fourth key completes. */
export async function secretKeyStarted(world: World) {
  const value = JSON.stringify({ apiKey: KEYS.fourth, name: 'server, first', held: [] });
  const rotation = { lambdaArn: 'arn:aws:lambda:us-east-1:111122223333:function:r', days: 90 };
  const server = { name: 'amplitude/dev/server', tags: tagsOf('server', tags), value, rotation };
  world.aws.secretsManager.seedSecret(server);
  world.amplitude.generate(KEYS.fourth, 'US', KEYS.first);
  world.amplitude.generate(KEYS.fourth, 'US', KEYS.second);
  await world.stage(KEYS.second, { known: false });
  await sweep(world);
  await start(world);
}

/** The rotation has been due for a day when a key is staged. */
export async function lateStaged(world: World) {
  await sweep(world);
  world.aws.clock.advance(91 * DAY);
  await sweep(world);
  await world.stage(KEYS.second);
}

/** The second key is promoted, the first retained. */
export async function rotated(world: World) {
  await started(world);
  await settle(world);
  await sweep(world);
}

/** Its service's tasks run for an hour. */
export async function startedWithService(world: World) {
  world.aws.clock.advance(HOUR);
  await started(world);
}

/** The second key is current and in its service, the third at hand. */
export async function standbyWithService(world: World) {
  await startedWithService(world);
  await settle(world);
  await nextSweep(world);
  await world.stage(KEYS.third);
  await sweep(world);
}

/** The second key is promoted, but was handed to nobody, and nobody was told of it. */
export async function rotatedInSilence(world: World) {
  await startedWithService(world);
  world.aws.faults.fail('UpdateService', { error: 'access-denied' });
  world.aws.faults.fail('PutEvents', { error: 'access-denied' });
  await settle(world);
  world.aws.clock.advance(HOUR);
}

/** The first key's retention is over with the next sweep. */
export async function retentionOver(world: World) {
  await rotated(world);
  for (let day = 0; day < RETENTION_DAYS; day += 1) {
    world.aws.clock.advance(DAY - HOUR / 2);
    await sweep(world);
  }
  world.aws.clock.advance(HOUR);
}

/** With the next sweep Amplitude has rejected the first key for six hours. */
export async function rejectedLongEnough(world: World) {
  await retentionOver(world);
  await sweep(world);
  world.amplitude.revoke(KEYS.first);
  for (let hour = 0; hour < 6; hour += 1) await nextSweep(world);
  world.aws.clock.advance(HOUR);
}

/** The second key is current, the first retained, the third at hand. */
export async function standbyAtHand(world: World) {
  await rotated(world);
  await world.stage(KEYS.third);
  await sweep(world);
}

/** Likewise, and somebody has put the second key's value by hand once more. */
export async function standbyAndCopy(world: World) {
  await standbyAtHand(world);
  const value = JSON.stringify({ apiKey: KEYS.second, name: 'web, second', held: [] });
  world.aws.secretsManager.putByHand('amplitude/dev/web', value);
  await nextSweep(world);
}

/** Likewise, and the first key's retention is over with the next sweep. */
export async function standbyAndRetentionOver(world: World) {
  await retentionOver(world);
  await world.stage(KEYS.third);
}

/** A rotation died before it moved AWSCURRENT; the next sweep finds it dead. */
export async function deadRotation(world: World) {
  await started(world);
  const where = ({ VersionStage }: Readonly<Record<string, unknown>>) =>
    VersionStage === 'AWSCURRENT';
  world.aws.faults.fail('UpdateSecretVersionStage', { where, error: 'timeout' });
  await settle(world);
  await nextSweep(world);
  world.aws.clock.advance(25 * HOUR);
}

/** Its deadline is left on the current key, and goes with the next sweep. */
export async function strayDeadline(world: World) {
  await deadRotation(world);
  await sweep(world);
  world.aws.clock.advance(HOUR);
}
