import { TagResourceCommand } from '@aws-sdk/client-secrets-manager';
import { type GuardRules, secretName } from '../../../lambda/contract.ts';
import { ACCOUNT_EVENTS, keyEvents } from '../../../lib/access-guard-patterns.ts';
import { matches } from '../../aws/event-pattern.ts';
import { type CloudTrailRecord, envelope, rawBatch } from '../../aws/recorded/cloudtrail.ts';
import { createWorld, type World } from '../../lambda/world.ts';
import { consumerTags, KEYS } from './account/grants.ts';
import { OWN_RANGES } from './account/places.ts';
import { ENVIRONMENT } from './events.ts';

/**
 * As the operators of this account have set it: one that reads as much as this has more reads in its
 * busiest five minutes than the default allows, and its addresses are known, those of the new NAT
 * gateways before they are used. A gateway that isn't announced is to the guard an address to which all
 * sessions behind it were carried off, and is quarantined.
 */
export const RULES: Partial<GuardRules> = {
  mostReads: 2_000,
  withinMinutes: 5,
  ownRanges: OWN_RANGES,
  answer: 'observe',
};

export type GuardedWorld = Awaited<ReturnType<typeof createGuardedWorld>>;

/** The access guard with the account's keys, and the rules of EventBridge before it. */
export async function createGuardedWorld(geoDatabase?: string) {
  const [first = 'web', ...others] = KEYS;
  const world = await createWorld({
    guard: RULES,
    tags: consumerTags(first, 0),
    ...(geoDatabase ? { geoDatabase } : {}),
  });
  for (const key of others) world.seedKey(key, { tags: consumerTags(key, 0) });
  const keyArn = world.keysCmkArn;
  const keyId = keyArn.slice(keyArn.lastIndexOf('/') + 1);
  const patterns = [keyEvents(ENVIRONMENT, { keyId, keyArn } as never), ACCOUNT_EVENTS];
  let batches = 0;
  return {
    ...world,
    /** The event as it reaches the queue; undefined of what no rule lets through. */
    routed(record: CloudTrailRecord): string | undefined {
      const event = envelope(record);
      return patterns.some((pattern) => matches(pattern, event))
        ? JSON.stringify(event)
        : undefined;
    },
    /** @throws Error of messages that the guard wants again: nothing fails here */
    async hand(bodies: readonly string[], at: number): Promise<void> {
      world.aws.clock.set(new Date(at));
      batches += 1;
      const context = { awsRequestId: `batch-${batches}` };
      const answer = await world.guardHandler(rawBatch(bodies), context);
      const { batchItemFailures } = answer as { batchItemFailures: unknown[] };
      if (batchItemFailures.length > 0) {
        throw new Error(`${batchItemFailures.length} messages failed: ${world.printed.join('\n')}`);
      }
      world.aws.resetCalls();
      world.printed.length = 0;
    },
    /** The grants of a day, as a deployment writes them. */
    async grant(day: number): Promise<void> {
      for (const key of KEYS) await tagKey(world, key, consumerTags(key, day));
    },
  };
}

async function tagKey({ aws }: World, key: string, tags: Readonly<Record<string, string>>) {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const SecretId = secretName(ENVIRONMENT, key);
  await aws.clients.secretsManager.send(new TagResourceCommand({ SecretId, Tags }));
}
