import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { EmergencyReport } from '../../../lambda/payloads.ts';
import type { World } from '../../lambda/world.ts';
import { HOUR } from './scenario.ts';

const SecretId = 'amplitude/dev/web';

/** As the schedule does: the four steps follow when the service is let settle. */
export const start = (world: World) =>
  world.aws.clients.secretsManager.send(new RotateSecretCommand({ SecretId }));

export const settle = (world: World) => world.aws.settled().catch(() => undefined);

/** The hourly sweep; a rotation that it starts runs after it. */
export async function sweep(world: World): Promise<readonly string[]> {
  const failed = await sweepAlone(world);
  await settle(world);
  return failed;
}

export async function sweepAlone(world: World): Promise<readonly string[]> {
  try {
    const { keys, notLookedAt } = await world.lifecycleHandler({});
    return [...keys.flatMap(({ failed = [] }) => failed), ...notLookedAt.map(({ key }) => key)];
  } catch (error) {
    return [String(error)];
  }
}

export async function nextSweep(world: World): Promise<readonly string[]> {
  world.aws.clock.advance(HOUR);
  return sweep(world);
}

/** Secrets Manager runs a rotation that failed again, all steps with the same token. */
export async function retry(world: World): Promise<readonly string[]> {
  if (world.aws.secretsManager.rotationOf(SecretId)?.state !== 'failed') return [];
  const failure = await world.retry();
  return failure === undefined ? [] : [String(failure)];
}

export async function nextRetry(world: World): Promise<readonly string[]> {
  world.aws.clock.advance(HOUR);
  return retry(world);
}

/** By an operator, who sees from the report whether it has to be repeated. */
export async function revoke(world: World, version?: string): Promise<readonly string[]> {
  const leak = { reason: 'leaked', caller: 'ann', ...(version ? { version } : {}) };
  try {
    const { plan } = await world.emergencyHandler({ action: 'revoke', key: 'web', ...leak });
    return failedIn(plan);
  } catch (error) {
    return [String(error)];
  }
}

const failedIn = (plan: EmergencyReport['plan']) =>
  plan.flatMap(({ what, doneAt, failed }) => (doneAt ? [] : [`${what}: ${failed ?? 'not done'}`]));
