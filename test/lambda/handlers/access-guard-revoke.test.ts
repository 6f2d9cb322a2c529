import { afterEach, describe, expect, it } from 'vitest';
import { type GuardRules, tag } from '../../../lambda/contract.ts';
import type { EmergencyRequest } from '../../../lambda/payloads.ts';
import {
  type CloudTrailRecord,
  type ReadOf,
  read,
  role,
  throughEndpoint,
  userInSession,
} from '../../aws/recorded/cloudtrail.ts';
import { BREAK_GLASS, createWorld, FINGERPRINTS, KEYS, type World } from '../world.ts';

const BACKEND = 'arn:aws:iam::111122223333:role/backend';
const HOUR = 3_600_000;
const HIDDEN = 6 * 60_000;

let world: World;
afterEach(() => world.close());

async function guarding(guard: Partial<GuardRules> = { revokeAt: 90 }) {
  const tags = { [tag.consumer(1)]: BACKEND };
  world = await createWorld({ guard: { answer: 'quarantine', ...guard }, tags });
}
const strange = (of: ReadOf = {}) =>
  read({ at: world.aws.clock.now(), by: role('stranger', 'laptop'), from: '203.0.113.9', ...of });
const deliver = async (...records: readonly CloudTrailRecord[]) =>
  (await world.deliver(...records)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
const asked = () =>
  (world.aws.lambda.payloads as EmergencyRequest[]).filter(({ action }) => action === 'revoke');
const versionOf = (label: string) =>
  Object.entries(world.labels()).find(([, labels]) => labels.includes(label))?.[0];
const messages = () => world.aws.sns.published.map(({ message }) => message).join('\n');

describe('a read of the current key at the score that is configured', () => {
  it('has the emergency function revoke that version, and says so', async () => {
    await guarding();
    await world.stage(KEYS.second);
    const version = versionOf('AWSCURRENT');
    const record = strange();
    expect(await deliver(record)).toEqual([]);
    expect(asked()).toEqual([
      {
        action: 'revoke',
        key: 'web',
        version,
        reason: `Risk 100, event ${record.eventID}: read by arn:aws:iam::111122223333:role/stranger`,
        caller: 'the access guard',
      },
    ]);
    expect(messages()).toContain(
      'The emergency function was asked to revoke the key: npx keyctl status --env dev tells how far it is.',
    );
    await world.aws.lambda.settled();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    expect(world.trail()).toContainEqual(
      expect.objectContaining({ transition: 'compromised', fingerprint: FINGERPRINTS.first }),
    );
  });

  it('does so once a day, however many containers see it', async () => {
    await guarding();
    await Promise.all([deliver(strange()), world.anotherGuard()(strange({ by: role('other') }))]);
    await deliver(strange({ by: role('third') }));
    expect(asked()).toHaveLength(1);
    world.aws.clock.advance(25 * HOUR);
    await deliver(strange({ by: role('fourth') }));
    expect(asked()).toHaveLength(2);
  });

  it('does so of each key', async () => {
    await guarding();
    world.seedKey('api');
    await deliver(strange(), strange({ secretId: 'amplitude/dev/api' }));
    expect(asked().map((one) => 'key' in one && one.key)).toEqual(['web', 'api']);
  });

  it('does so although nothing of the reader may be denied', async () => {
    await guarding({ revokeAt: 70 });
    world.seedKey('api', { tags: { [tag.consumer(1)]: 'arn:aws:iam::111122223333:user/ann' } });
    const ann = userInSession('ann', 'false');
    await deliver(strange({ by: ann, more: throughEndpoint }));
    expect(world.uses().at(-1)?.answer).toBe('notified');
    expect(asked()).toHaveLength(1);
    expect(world.mail()).toContain('Amplitude key dev/web: it is being revoked');
  });
});

describe('no key is revoked', () => {
  it.each<[string, Partial<GuardRules>, ReadOf]>([
    ['unless it is configured', {}, {}],
    [
      'below the score',
      { revokeAt: 100, weights: { device: 0, location: 0, behaviour: 100 } },
      {
        by: role('backend'),
      },
    ],
    ['where the guard only observes', { revokeAt: 90, answer: 'observe' }, {}],
    ['for a session with MFA', { revokeAt: 90 }, { by: userInSession('bob', 'true') }],
    ['for break-glass', { revokeAt: 90 }, { by: role(BREAK_GLASS.split('/')[1] ?? '') }],
    ['for a denied read', { revokeAt: 90 }, { more: { errorCode: 'AccessDenied' } }],
  ])('%s', async (_, rules, of) => {
    await guarding(rules);
    await deliver(strange(of));
    expect(world.uses()).toHaveLength(1);
    expect(asked()).toEqual([]);
  });

  it('for a read of a version that is not current', async () => {
    await guarding();
    await world.stage(KEYS.second);
    await world.rotate();
    world.aws.clock.advance(HOUR);
    await deliver(strange({ versionStage: 'AWSPREVIOUS' }));
    expect(world.uses().at(-1)?.answer).toBe('quarantined');
    expect(asked()).toEqual([]);
  });
});

describe('an emergency function that can not be asked', () => {
  it('is asked again when the message comes again, and told of then', async () => {
    await guarding();
    // The first Invoke is of inspect
    world.aws.faults.fail('Invoke', { error: 'throttled', nth: 2 });
    const record = strange();
    expect(await deliver(record)).toEqual(['message-1']);
    expect(world.uses().at(-1)?.answer).toBe('quarantined');
    expect(messages()).toContain(
      'the emergency function could not be asked to revoke the key (THROTTLED)',
    );
    world.aws.clock.advance(HIDDEN);
    expect(await deliver(record)).toEqual([]);
    expect(asked()).toHaveLength(1);
    expect(messages()).toContain('The emergency function was asked to revoke the key');
    expect(world.aws.events.taken).toHaveLength(1);
  });

  it('is told of as asked although its message has to come again for another reason', async () => {
    await guarding();
    world.aws.faults.fail('Publish', { error: 'throttled' });
    const record = strange();
    expect(await deliver(record)).toEqual(['message-1']);
    world.aws.clock.advance(HIDDEN);
    expect(await deliver(record)).toEqual([]);
    expect(asked()).toHaveLength(1);
    expect(messages()).toContain('The emergency function was asked to revoke the key');
  });
});
