import { DeleteSecretCommand, TagResourceCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type GuardRules,
  guardMetric,
  QUARANTINE_TAGS,
  tag,
  variable,
} from '../../../lambda/contract.ts';
import type { CloudTrailRecord } from '../../aws/recorded/cloudtrail.ts';
import {
  changeOfTrail,
  consoleLogin,
  otherAccount,
  type ReadOf,
  read,
  readThrough,
  role,
  service,
  throughEndpoint,
  user,
  userInSession,
} from '../../aws/recorded/cloudtrail.ts';
import { keeping } from '../quarantined.ts';
import { BREAK_GLASS, createWorld, type World, type WorldOptions } from '../world.ts';

const BACKEND = 'arn:aws:iam::111122223333:role/backend';
const STRANGER = 'arn:aws:iam::111122223333:role/stranger';
const ANN = 'arn:aws:iam::111122223333:user/ann';
/** CloudTrail's id of every role of the tests. */
const ROLE_ID = 'AROAIDPPEZS35WEXAMPLE';
const ADDRESS = '203.0.113.9';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let world: World;
let kept: ReturnType<typeof keeping>;
afterEach(() => world.close());

async function guarding(guard: Partial<GuardRules> = {}, options: WorldOptions = {}) {
  const tags = { [tag.consumer(1)]: BACKEND, [tag.consumer(2)]: ANN, ...options.tags };
  world = await createWorld({ ...options, guard: { answer: 'quarantine', ...guard }, tags });
  kept = keeping(world.aws);
}

const now = () => world.aws.clock.now();
/** At the time of the fakes, as CloudTrail would have it. */
const readNow = (of: ReadOf = {}) => read({ at: now(), ...of });
const strange = (of: ReadOf = {}) =>
  readNow({ by: role('stranger', 'laptop'), from: ADDRESS, ...of });

/** Some weeks of usual reads, after which the world is as quiet as if nothing had been seen. */
async function settle(usual: ReadOf = {}, days = 8) {
  for (let day = 0; day < days; day += 1) {
    await world.deliver(readNow(usual));
    world.aws.clock.advance(DAY);
  }
  world.mail();
  world.aws.resetCalls();
}

const failuresIn = (answer: { batchItemFailures: readonly { itemIdentifier: string }[] }) =>
  answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
const deliver = async (...records: readonly CloudTrailRecord[]) =>
  failuresIn(await world.deliver(...records));
/** What was answered to the last event. */
const answers = () => world.uses().map(({ answer }) => answer);
const answer = () => answers().at(-1);
const denied = async () =>
  (await kept.ports.quarantines.all()).quarantines.map((one) => one.denied);
const words = (...some: string[]) => `denied ${some.join(' ')} denied`;
const messages = () => world.aws.sns.published.map(({ message }) => message);
const subjects = () => world.mail();
/** Of the last message. */
const message = () => messages().at(-1) ?? '';
const began = () =>
  world.printed
    .filter((line) => line.includes('"_aws"'))
    .map((line) => JSON.parse(line)[guardMetric.quarantines] ?? 0)
    .reduce((sum, count) => sum + count, 0);
const NOTHING = { tags: {}, denied: [], events: 0 };
const done = async () => ({
  tags: kept.tagsOf(),
  denied: await denied(),
  events: world.aws.events.taken.length,
});

describe('a stranger who reads a key', () => {
  it('is denied every key, as a role and by the address, within the batch', async () => {
    await guarding();
    world.seedKey('api');
    expect(await deliver(strange())).toEqual([]);
    expect(answer()).toBe('quarantined');
    const tags = { [tag.quarantine(1)]: words(STRANGER, ADDRESS) };
    expect([kept.tagsOf('web'), kept.tagsOf('api')]).toEqual([tags, tags]);
    expect(await denied()).toEqual([
      { session: `${ROLE_ID}:laptop`, principal: STRANGER, address: ADDRESS },
    ]);
    expect(began()).toBe(1);
  });

  it('is told of with what was done and how to end it', async () => {
    await guarding();
    await deliver(strange());
    const [one] = (await kept.ports.quarantines.all()).quarantines;
    expect(subjects()).toContain('Amplitude key dev/web: a reader was quarantined');
    const told = messages().find((text) => text.includes('Quarantined until'));
    expect(told).toContain(
      `Quarantined until 2026-11-25T00:00:00.000Z, and denied every key of dev: ${STRANGER}, session ${ROLE_ID}:laptop, address ${ADDRESS}. If it is one of yours: npx keyctl quarantine release ${one?.id} --env dev.`,
    );
    expect(told).toContain('risk 100 of 100');
  });

  it('is told to the event bus, with the address', async () => {
    await guarding();
    await deliver(strange());
    expect(world.aws.events.taken).toMatchObject([
      { detailType: 'Amplitude Reader Quarantined', detail: { denied: { address: ADDRESS } } },
    ]);
    const [one] = (await kept.ports.quarantines.all()).quarantines;
    expect(one).toMatchObject({ isAnnounced: true, key: 'web', score: 100 });
  });

  it('may read again once it is over', async () => {
    await guarding({ quarantineHours: 2 });
    await deliver(strange());
    await world.pass(3 * HOUR);
    expect(kept.tagsOf()).toEqual({});
    await deliver(strange());
    expect(kept.tagsOf()).toEqual({ [tag.quarantine(1)]: words(STRANGER, ADDRESS) });
  });

  it('that a person released is not quarantined again by a late event, from whatever address', async () => {
    await guarding();
    await deliver(strange());
    const [one] = (await kept.ports.quarantines.all()).quarantines;
    await world.release(one?.id ?? '');
    world.mail();
    await deliver(strange(), strange({ from: '198.51.100.7' }));
    expect(kept.tagsOf()).toEqual({});
    expect(answers().slice(-2)).toEqual(['notified', 'notified']);
    expect(message()).toContain(`its quarantine ${one?.id} was ended at 2026-11-24T00:00:00.000Z`);
  });

  it('from many addresses is one quarantine', async () => {
    await guarding();
    await deliver(strange(), strange({ from: '198.51.100.7' }));
    await deliver(strange({ from: '198.51.100.8' }), strange({ by: role('stranger', 'other') }));
    expect(await denied()).toHaveLength(1);
    expect(answers()).toEqual(Array(4).fill('quarantined'));
    expect(began()).toBe(1);
    expect(subjects().filter((one) => one.includes('was quarantined'))).toHaveLength(1);
  });

  it('of several keys is told of once', async () => {
    await guarding();
    world.seedKey('api', { tags: { [tag.consumer(1)]: BACKEND } });
    await deliver(strange(), strange({ secretId: 'amplitude/dev/api' }));
    await deliver(strange({ secretId: 'amplitude/dev/api' }));
    expect(subjects().filter((one) => one.includes('was quarantined'))).toHaveLength(1);
  });

  it('costs no call more once it is carried out, but to ask who is denied', async () => {
    await guarding();
    await deliver(strange());
    world.aws.resetCalls();
    await deliver(strange());
    const calls = world.aws.calls.map(({ command }) => command);
    expect(calls).not.toContain('TagResource');
    expect(calls).not.toContain('PutEvents');
    expect(calls).not.toContain('Invoke');
  });

  it('of another account is denied by the session, since its role is not told', async () => {
    await guarding();
    await deliver(strange({ by: otherAccount() }));
    expect(kept.tagsOf()).toEqual({ [tag.quarantine(1)]: words('AROAEXAMPLE:session', ADDRESS) });
  });

  it('makes its address a denied one for everybody', async () => {
    await guarding();
    await settle();
    await deliver(strange());
    await deliver(readNow({ from: ADDRESS }));
    expect(world.uses().at(-1)?.reasons).toContain('in-denied-ranges');
  });

  it("is denied a key too that inspect can not read, and no other environment's", async () => {
    await guarding();
    world.seedKey('odd', { tags: { [tag.retainPreviousDays]: 'many' } });
    world.seedKey('foreign', { tags: { [tag.environment]: 'prod' } });
    await deliver(strange());
    // Whom it is granted to nobody knows, so that no role is denied as a whole
    const tags = { [tag.quarantine(1)]: words(`${ROLE_ID}:laptop`, ADDRESS) };
    expect([kept.tagsOf('web'), kept.tagsOf('odd')]).toEqual([tags, tags]);
    expect(kept.tagsOf('foreign')).toEqual({});
  });
});

describe('a key whose secret is marked for deletion', () => {
  it('is no reason to spare a stranger', async () => {
    await guarding();
    world.seedKey('gone');
    const input = { SecretId: 'amplitude/dev/gone', RecoveryWindowInDays: 7 };
    await world.aws.clients.secretsManager.send(new DeleteSecretCommand(input));
    expect(await deliver(strange())).toEqual([]);
    expect(kept.tagsOf()).toEqual({ [tag.quarantine(1)]: words(STRANGER, ADDRESS) });
  });
});

describe('a consumer', () => {
  it('whose session was stolen keeps its role: the session is denied, and the address', async () => {
    await guarding();
    await settle();
    const stolen = role('backend', 'task-9');
    await deliver(readNow({ by: stolen }));
    await deliver(readNow({ by: stolen, from: ADDRESS, with: 'curl/8.9' }));
    expect(answer()).toBe('quarantined');
    expect(kept.tagsOf()).toEqual({ [tag.quarantine(1)]: words(`${ROLE_ID}:task-9`, ADDRESS) });
    expect(message()).toContain(`${BACKEND} is a consumer, which is never denied as a whole`);
  });

  it('that is an ECS task loses its session, which is named by an id like a key, and told nowhere', async () => {
    await guarding();
    await settle();
    const id = '0a1b2c3d'.repeat(4);
    await deliver(readNow({ by: role('backend', id), from: ADDRESS, with: 'curl/8.9' }));
    expect(kept.tagsOf()).toEqual({ [tag.quarantine(1)]: words(`${ROLE_ID}:${id}`, ADDRESS) });
    const told = [messages(), world.printed, world.uses(), world.aws.events.taken];
    const report = await world.inspectHandler({ action: 'quarantines' });
    const [one] = (await kept.ports.quarantines.all()).quarantines;
    const released = await world.release(one?.id ?? '');
    const missing = await world.release('00000000').catch(String);
    const all = JSON.stringify([told, report, released, missing, messages(), world.trail()]);
    expect(all).toContain(`${ROLE_ID}:[redacted]`);
    expect(all).not.toContain(id);
  });

  it('whose sessions are all named alike keeps them: the address alone is denied', async () => {
    await guarding();
    await settle();
    await deliver(readNow({ from: ADDRESS, with: 'curl/8.9' }));
    expect(answer()).toBe('quarantined');
    expect(kept.tagsOf()).toEqual({ [tag.quarantine(1)]: words(ADDRESS) });
  });

  it('that is a user keeps its id, which is the whole user', async () => {
    await guarding();
    await settle({ by: user() });
    await deliver(readNow({ by: userInSession('ann', 'false'), from: ADDRESS, with: 'curl/8.9' }));
    expect(kept.tagsOf()).toEqual({ [tag.quarantine(1)]: words(ADDRESS) });
  });

  it('of another key keeps its role too, since all keys would be denied', async () => {
    await guarding();
    world.seedKey('api', { tags: { [tag.consumer(1)]: STRANGER } });
    await deliver(strange());
    expect(kept.tagsOf()).toEqual({ [tag.quarantine(1)]: words(`${ROLE_ID}:laptop`, ADDRESS) });
  });

  it('by a tag of its own is no stranger', async () => {
    await guarding({}, { tags: { [tag.consumer(3)]: 'PrincipalTag/team=web' } });
    await deliver(strange());
    expect(await done()).toEqual(NOTHING);
    expect(answer()).toBe('recorded');
  });

  it('that read after it had stopped the trail is denied whichever event arrives last', async () => {
    await guarding();
    await settle();
    const stop = changeOfTrail('StopLogging', { at: now(), from: ADDRESS, by: role('backend') });
    world.aws.clock.advance(MINUTE);
    await deliver(readNow());
    expect(answer()).toBe('recorded');
    await deliver(stop);
    expect(world.uses().find(({ call }) => call === 'StopLogging')?.answer).toBe('quarantined');
    expect(kept.tagsOf()).toEqual({ [tag.quarantine(1)]: words(ADDRESS) });
  });

  it('that is new is only told of, until it is known', async () => {
    await guarding();
    await settle({}, 3);
    await deliver(changeOfTrail('StopLogging', { at: now() }), readNow({ from: ADDRESS }));
    expect(await done()).toEqual(NOTHING);
    expect(answer()).toBe('notified');
    expect(message()).toContain('Not quarantined: it has been seen on fewer than 7 days');
  });

  it('that was granted the key a moment ago is not denied by what was known before', async () => {
    await guarding();
    await deliver(readNow());
    world.aws.clock.advance(30_000);
    const Tags = [{ Key: tag.consumer(3), Value: STRANGER }];
    const tagging = new TagResourceCommand({ SecretId: 'amplitude/dev/web', Tags });
    await world.aws.clients.secretsManager.send(tagging);
    await deliver(strange());
    expect(await done()).toEqual(NOTHING);
    expect(message()).toContain(
      'Not quarantined: it is a consumer of the key, which was not known',
    );
    world.aws.clock.advance(10_000);
    await deliver(strange());
    expect(answer()).toBe('recorded');
  });

  it.each<[string, ReadOf, Partial<GuardRules>]>([
    ['is a person without MFA', { by: userInSession('ann', 'false') }, {}],
    ['is told of at the least', {}, { notifyAt: 20 }],
  ])('that %s is known after some days all the same', async (_, usual, rules) => {
    await guarding(rules);
    await settle(usual, 40);
    await deliver(readNow(usual));
    expect(['recorded', 'notified']).toContain(answer());
    expect(await done()).toEqual(NOTHING);
  });

  it('of a new environment keeps its NAT gateway, if a stranger comes from there', async () => {
    await guarding();
    await deliver(readNow());
    await deliver(strange({ from: '192.0.2.10' }));
    expect(kept.tagsOf()).toEqual({ [tag.quarantine(1)]: words(STRANGER) });
  });

  it('keeps the address that it usually comes from, whoever else comes from there', async () => {
    await guarding();
    await settle();
    await deliver(strange({ from: '192.0.2.10' }));
    expect(kept.tagsOf()).toEqual({ [tag.quarantine(1)]: words(STRANGER) });
    expect(message()).toContain('192.0.2.10 is where consumers usually come from');
  });
});

describe('an address', () => {
  it.each([
    ['of our own', { ownRanges: ['203.0.113.0/24'] }, 'is within the own ranges'],
    ['that is allowed', { allowedRanges: ['203.0.113.0/24'] }, 'is within the allowed ranges'],
  ])('%s is not denied', async (_, rules, why) => {
    await guarding(rules);
    await deliver(strange());
    expect(kept.tagsOf()).toEqual({ [tag.quarantine(1)]: words(STRANGER) });
    expect(message()).toContain(`${ADDRESS} ${why}`);
  });

  it('is not what a VPC endpoint or a service of AWS shows', async () => {
    await guarding();
    await deliver(strange({ from: '10.0.0.7', more: throughEndpoint }));
    await deliver(readThrough('ssm.amazonaws.com', { by: role('other'), at: now() }));
    expect(kept.tagsOf()).toEqual({
      [tag.quarantine(1)]: words(STRANGER, 'arn:aws:iam::111122223333:role/other'),
    });
  });

  it('and all else of a service of AWS by itself is not denied', async () => {
    await guarding({ notifyAt: 1, quarantineAt: 1 });
    await deliver(readNow({ by: service('config.amazonaws.com'), from: 'config.amazonaws.com' }));
    expect(await done()).toEqual(NOTHING);
    expect(message()).toContain('Not quarantined: nothing of it may be denied');
  });
});

describe('a role of this stack', () => {
  it('is never denied, break-glass least', async () => {
    await guarding();
    const own = [
      'AmplitudeKeys-dev-inspect',
      'AmplitudeKeys-dev-probe',
      'AmplitudeKeys-dev-emergency',
    ];
    await deliver(...own.map((name) => readNow({ by: role(name), from: ADDRESS })));
    await deliver(readNow({ by: role(BREAK_GLASS.split('/')[1] ?? ''), from: ADDRESS }));
    expect(await done()).toEqual(NOTHING);
    expect(answers()).toEqual(['recorded', 'recorded', 'recorded', 'notified']);
    expect(message()).toContain('Not quarantined: it is a role of this stack.');
  });
});

describe('MFA', () => {
  const bob = (by: object = user('bob')) => readNow({ by, from: ADDRESS });

  it('of the session keeps a reader, who is told of', async () => {
    await guarding();
    await deliver(bob(userInSession('bob', 'true')));
    expect(await done()).toEqual(NOTHING);
    expect(answer()).toBe('notified');
    expect(message()).toContain('Not quarantined: its session was opened with MFA.');
    expect(world.aws.countOf('ListMFADevices')).toBe(0);
  });

  it.each([
    ['has no device', () => world.aws.iam.seedUser('bob'), 'its user has no MFA device'],
    [
      'has one, which does not show',
      () => world.aws.iam.seedUser('bob', ['phone']),
      'its user has an MFA device, which this session does not show to have been used',
    ],
    ['does not exist any more', () => {}, 'IAM gave no answer'],
    [
      'is not told of',
      () => world.aws.faults.fail('ListMFADevices', { error: 'access-denied' }),
      'IAM gave no answer',
    ],
    [
      'is asked about in vain',
      () => world.aws.faults.fail('ListMFADevices', { error: 'timeout' }),
      'IAM gave no answer',
    ],
  ])('of a user who %s', async (_, given, told) => {
    await guarding();
    given();
    expect(await deliver(bob(), bob())).toEqual([]);
    expect(answer()).toBe('quarantined');
    expect(kept.tagsOf()).toEqual({
      [tag.quarantine(1)]: words('arn:aws:iam::111122223333:user/bob', ADDRESS),
    });
    expect(message()).toContain(told);
    expect(world.aws.countOf('ListMFADevices')).toBe(1);
  });

  it('missing from a sign-in of somebody who reads is answered like a read', async () => {
    await guarding();
    world.aws.iam.seedUser('bob');
    const at = now();
    await deliver(bob(userInSession('bob', 'true')));
    await deliver(consoleLogin({ by: user('bob'), mfaUsed: 'No', at, from: ADDRESS }));
    expect(answer()).toBe('quarantined');
    expect(kept.tagsOf()).toEqual({
      [tag.quarantine(1)]: words('arn:aws:iam::111122223333:user/bob', ADDRESS),
    });
  });
});

describe('a guard that observes', () => {
  it('changes nothing and says what it would', async () => {
    await guarding({ answer: 'observe', revokeAt: 90 });
    expect(await deliver(strange())).toEqual([]);
    expect(await done()).toEqual(NOTHING);
    expect(answer()).toBe('would-quarantine');
    const commands = world.aws.calls.map(({ command }) => command);
    expect(commands).not.toContain('TagResource');
    expect(commands).not.toContain('PutEvents');
    expect(world.aws.countOf('Invoke')).toBe(1);
    expect(world.aws.dynamoDb.itemsOf('amplitude-dev-access-guard').has('quarantines')).toBe(false);
    expect(began()).toBe(0);
    expect(message()).toContain(
      `Would have been quarantined until 2026-11-25T00:00:00.000Z, were answer: 'quarantine' in the configuration: ${STRANGER}, session ${ROLE_ID}:laptop, address ${ADDRESS}.`,
    );
    expect(message()).toContain('the key would have been revoked too');
  });

  it('says once a day what it would', async () => {
    await guarding({ answer: 'observe' });
    await deliver(strange());
    const told = subjects().length;
    world.aws.clock.advance(HOUR);
    await deliver(strange());
    expect(subjects()).toEqual([]);
    expect(told).toBeGreaterThan(0);
  });

  it('decides as it would, by the limit too', async () => {
    await guarding({ answer: 'observe', mostQuarantinesAnHour: 2 });
    await deliver(...[1, 2, 3].map((at) => strange({ by: role(`stranger-${at}`) })));
    expect(answers().toSorted()).toEqual(['notified', 'would-quarantine', 'would-quarantine']);
  });
});

describe('so many quarantines', () => {
  const strangers = (count: number, from = 1) =>
    Array.from({ length: count }, (_, at) => strange({ by: role(`stranger-${from + at}`) }));

  it('as are allowed an hour begin, more are only told', async () => {
    await guarding({ mostQuarantinesAnHour: 3 });
    expect(await deliver(...strangers(5))).toEqual([]);
    expect(await denied()).toHaveLength(3);
    expect(answers().filter((one) => one === 'quarantined')).toHaveLength(3);
    expect(subjects()).toContain('Amplitude key dev/web: no more readers can be quarantined');
    expect(message()).toContain('3 quarantines began within the hour, and no more may');
    world.aws.clock.advance(HOUR);
    await deliver(...strangers(1, 9));
    expect(await denied()).toHaveLength(4);
  });

  it('as the tags hold begin, more are only told', async () => {
    await guarding({ mostQuarantinesAnHour: 20 });
    const long = (at: number) => role(`${'x'.repeat(180)}/${at}`);
    for (let at = 0; at <= QUARANTINE_TAGS; at += 1) await deliver(strange({ by: long(at) }));
    expect(await denied()).toHaveLength(QUARANTINE_TAGS);
    expect(answer()).toBe('notified');
    expect(message()).toContain('have no room for it');
  });

  it('and what they are told by is no flood that could hide them', async () => {
    await guarding({ mostQuarantinesAnHour: 20, quarantineAt: 100 });
    for (let at = 0; at < 9; at += 1) await deliver(strange({ by: role(`stranger-${at}`) }));
    expect(subjects().filter((one) => one.includes('was quarantined'))).toHaveLength(9);
  });

  it('at once, of two containers, are both in force', async () => {
    await guarding();
    world.seedKey('api');
    await Promise.all([
      world.deliver(strange()),
      world.anotherGuard()(strange({ by: role('other', 'x'), from: '198.51.100.7' })),
    ]);
    const all = Object.values(kept.tagsOf()).join(' ').split(' ');
    expect(all).toEqual(expect.arrayContaining([STRANGER, ADDRESS, '198.51.100.7']));
    expect(kept.tagsOf('api')).toEqual(kept.tagsOf('web'));
    expect(world.aws.events.taken).toHaveLength(2);
  });

  it('of one reader, by two containers at once, are one', async () => {
    await guarding();
    await Promise.all([world.deliver(strange()), world.anotherGuard()(strange())]);
    expect(await denied()).toHaveLength(1);
    expect(world.aws.events.taken).toHaveLength(1);
    expect(subjects().filter((one) => one.includes('was quarantined'))).toHaveLength(1);
    expect(began()).toBe(1);
  });
});

describe('news', () => {
  it('of a quarantine is told although the same risk was told that day', async () => {
    await guarding({ answer: 'observe' });
    await deliver(strange());
    const items = world.aws.dynamoDb.itemsOf('amplitude-dev-access-guard');
    expect([...items.keys()].filter((id) => id.startsWith('report high-risk'))).toHaveLength(1);
    world.mail();
    const rules = world.variables[variable.guardRules] ?? '';
    world.variables[variable.guardRules] = rules.replace('"observe"', '"quarantine"');
    await world.anotherGuard()(strange());
    expect(subjects()).toContain('Amplitude key dev/web: a reader was quarantined');
  });

  it('that came with a message once does not come with it again', async () => {
    await guarding();
    const record = strange();
    await deliver(record);
    world.mail();
    await deliver(record);
    expect(subjects()).toEqual([]);
    expect(await denied()).toHaveLength(1);
    expect(world.aws.events.taken).toHaveLength(1);
  });
});
