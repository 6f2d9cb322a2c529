import {
  DeleteSecretCommand,
  RestoreSecretCommand,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAwaitingRevocation, isRetained } from '../../../lambda/domain/labels.ts';
import {
  createWorld,
  documentOf,
  FINGERPRINTS,
  KEYS,
  type World,
  type WorldOptions,
} from '../world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SECRET = 'amplitude/dev/web';

let world: World;
const start = async (options: WorldOptions = {}) => {
  await world?.close();
  world = await createWorld(options);
};
beforeEach(() => start());
afterEach(() => world.close());

/** The first key was replaced by the second one now. */
async function rotated() {
  await world.stage(KEYS.second);
  await world.rotate();
  world.mail();
}
const labelsOf = (key: string) =>
  Object.entries(world.labels()).find(([id]) => world.keyOf(id) === key)?.[1];
const words = () => world.trail().map(({ transition }) => transition);

describe('a replaced key', () => {
  it('stays readable for 30 days of sweeps, then is taken from its readers', async () => {
    await rotated();
    world.amplitude.generate(KEYS.third);
    await world.stage(KEYS.third);
    await world.pass(30 * DAY - HOUR);
    expect(labelsOf(KEYS.first)).toEqual([
      'AWSPREVIOUS',
      expect.stringMatching(/^RETAINED-UNTIL-/),
    ]);
    await world.pass(HOUR);
    expect(labelsOf(KEYS.first)).toEqual([expect.stringMatching(/^AWAITING-REVOCATION-/)]);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    expect(world.mail()).toEqual([`Revoke Amplitude key ${FINGERPRINTS.first} of dev/web`]);
  });

  it('is reported retired six hours after a person revoked it, and never before', async () => {
    await rotated();
    await world.stage(KEYS.third);
    await world.pass(30 * DAY + 5 * HOUR);
    expect(labelsOf(KEYS.first)?.some(isAwaitingRevocation)).toBe(true);
    world.mail();
    world.amplitude.revoke(KEYS.first);
    await world.pass(6 * HOUR);
    expect(world.mail()).toEqual([]);
    await world.pass(HOUR);
    expect(world.mail()).toEqual([`Amplitude key ${FINGERPRINTS.first} of dev/web is retired`]);
    expect(labelsOf(KEYS.first)).toBeUndefined();
    const [line] = world.trail().filter(({ transition }) => transition === 'retired');
    expect(line).toMatchObject({ fingerprint: FINGERPRINTS.first, name: 'web, first' });
    expect(line?.detail).toMatch(/HTTP 401.* at every check since 2026-12-24T06:00:00.000Z/);
  });

  it('begins its six hours anew when Amplitude accepts it in between', async () => {
    await rotated();
    await world.stage(KEYS.third);
    await world.pass(30 * DAY + HOUR);
    world.amplitude.revoke(KEYS.first);
    await world.pass(5 * HOUR);
    world.amplitude.generate(KEYS.first);
    await world.pass(HOUR);
    world.amplitude.revoke(KEYS.first);
    await world.pass(6 * HOUR);
    expect(labelsOf(KEYS.first)?.some(isAwaitingRevocation)).toBe(true);
    await world.pass(HOUR);
    expect(labelsOf(KEYS.first)).toBeUndefined();
  });

  it('is not retired by an outage of Amplitude, however long', async () => {
    await rotated();
    await world.pass(30 * DAY + HOUR);
    world.amplitude.revoke(KEYS.first);
    world.amplitude.down = true;
    await world.pass(3 * DAY);
    expect(labelsOf(KEYS.first)?.some(isAwaitingRevocation)).toBe(true);
  });

  it('keeps its time when it is replaced again within 30 days', async () => {
    await rotated();
    await world.pass(10 * DAY);
    await world.stage(KEYS.third);
    await world.rotate();
    await world.pass(19 * DAY);
    expect(labelsOf(KEYS.first)?.filter(isRetained)).toHaveLength(1);
    await world.pass(DAY);
    expect(labelsOf(KEYS.first)?.some(isAwaitingRevocation)).toBe(true);
    expect(labelsOf(KEYS.second)?.filter(isRetained)).toHaveLength(1);
    await world.pass(10 * DAY);
    expect(labelsOf(KEYS.second)?.some(isAwaitingRevocation)).toBe(true);
  });

  it('is told with who still reads it', async () => {
    await rotated();
    await world.pass(30 * DAY - HOUR);
    const roleArn = 'arn:aws:iam::111122223333:role/nightly-export';
    const by = { roleArn, session: 'job' };
    const own = {
      roleArn: 'arn:aws:iam::111122223333:role/AmplitudeKeys-dev-inspect',
      session: 'x',
    };
    world.aws.cloudTrail.seedRead({ secretId: SECRET, by, versionStage: 'AWSPREVIOUS' });
    world.aws.cloudTrail.seedRead({ secretId: SECRET, by: own, versionStage: 'AWSPREVIOUS' });
    await world.pass(HOUR);
    const message = world.aws.sns.published.at(-1)?.message ?? '';
    expect(message).toContain(`${roleArn} (1 time`);
    expect(message).not.toContain('AmplitudeKeys-dev-inspect');
  });

  it('is asked about in CloudTrail only when a person is asked, beside once a month', async () => {
    await rotated();
    await world.pass(29 * DAY);
    expect(world.aws.countOf('LookupEvents')).toBe(1);
    await world.pass(3 * DAY);
    expect(world.aws.countOf('LookupEvents')).toBe(1 + 1 + 1);
  });
});

describe('ninety days with nothing staged', () => {
  it('bring five reminders, one a day when overdue, and the late key within the hour', async () => {
    await rotated();
    await world.pass(90 * DAY - HOUR);
    expect(world.mail().filter((subject) => subject.startsWith('Stage the next'))).toHaveLength(5);
    await world.pass(2 * DAY + HOUR);
    expect(world.mail().filter((subject) => subject.startsWith('Overdue'))).toHaveLength(3);
    await world.stage(KEYS.third);
    await world.pass(HOUR);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
    expect(world.mail()).toEqual(['Amplitude key dev/web rotated']);
  });
});

describe('a rotation that died', () => {
  it('is cleared an hour after it was first sighted, so that the next one can start', async () => {
    expect(await world.rotate()).toBe('NOTHING_STAGED');
    await world.pass(HOUR);
    expect(Object.values(world.labels()).flat()).toContain('AWSPENDING');
    await world.pass(2 * HOUR);
    expect(Object.values(world.labels()).flat()).not.toContain('AWSPENDING');
    expect(world.mail()).toContain('A dead rotation of Amplitude key dev/web was cleared');
    expect(words()).toContain('pending-cleared');
    await world.stage(KEYS.second);
    expect(await world.rotate()).toBeUndefined();
  });
});

describe('a value put by hand', () => {
  it('does not lose the key that it pushed aside', async () => {
    await rotated();
    await world.sweep();
    world.aws.secretsManager.putByHand(SECRET, JSON.stringify({ apiKey: KEYS.third }));
    world.amplitude.generate(KEYS.third);
    await world.pass(HOUR);
    expect(labelsOf(KEYS.second)?.filter(isRetained)).toHaveLength(1);
    expect(labelsOf(KEYS.first)?.filter(isRetained)).toHaveLength(1);
    expect(words()).toEqual(expect.arrayContaining(['promoted', 'adopted']));
    expect(world.trail().findLast(({ transition }) => transition === 'promoted')).toMatchObject({
      by: 'hand',
      fingerprint: FINGERPRINTS.third,
    });
  });
});

describe('a staged key', () => {
  it('that Amplitude no longer accepts is reported within the hour, once', async () => {
    await world.stage(KEYS.second);
    await world.sweep();
    world.mail();
    world.amplitude.revoke(KEYS.second);
    await world.pass(5 * HOUR);
    expect(world.mail()).toEqual(['Amplitude key dev/web needs a look: staged key refused']);
  });
});

describe('the current key', () => {
  it('is asked about once a day while Amplitude accepts it, and every hour while it does not', async () => {
    const asked = () => world.amplitude.requests.filter((line) => line.startsWith('US')).length;
    await world.pass(48 * HOUR);
    expect(asked()).toBe(2);
    world.amplitude.revoke(KEYS.first);
    await world.pass(24 * HOUR);
    const before = asked();
    await world.pass(3 * HOUR);
    expect(asked() - before).toBe(3);
    expect(world.mail()).toContain('Amplitude key dev/web needs a look: current key rejected');
  });
});

describe('one key that can not be looked after', () => {
  const others = async () => {
    await rotated();
    await world.stage(KEYS.third);
    await world.pass(30 * DAY - HOUR);
    world.seedKey('broken', { tags: { 'amplitude-kind': 'nonsense' } });
    world.seedKey('doomed');
    await world.aws.clients.secretsManager.send(
      new DeleteSecretCommand({ SecretId: 'amplitude/dev/doomed' }),
    );
  };

  it('does not stop the others, and is counted and logged', async () => {
    await others();
    world.printed.length = 0;
    await world.pass(HOUR);
    expect(labelsOf(KEYS.first)?.some(isAwaitingRevocation)).toBe(true);
    const lines = world.printed.map((line) => JSON.parse(line));
    const faults = lines.filter(({ level }) => level === 'ERROR').map(({ metadata }) => metadata);
    expect(faults).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ key: 'broken', code: 'TAG_INVALID' }),
        expect.objectContaining({ key: 'doomed', code: 'SECRET_MARKED_FOR_DELETION' }),
      ]),
    );
    expect(lines.find((line) => '_aws' in line)).toMatchObject({
      environment: 'dev',
      service: 'amplitude-lifecycle',
      KeysNotSwept: 2,
    });
  });

  it('is looked after again once it is restored', async () => {
    await others();
    await world.aws.clients.secretsManager.send(
      new RestoreSecretCommand({ SecretId: 'amplitude/dev/doomed' }),
    );
    await world.aws.clients.secretsManager.send(
      new TagResourceCommand({
        SecretId: 'amplitude/dev/broken',
        Tags: [{ Key: 'amplitude-kind', Value: 'ingestion' }],
      }),
    );
    world.printed.length = 0;
    await world.pass(HOUR);
    expect(
      world.printed.map((line) => JSON.parse(line)).find((line) => '_aws' in line),
    ).toMatchObject({
      KeysNotSwept: 0,
    });
  });

  it('that was deleted for good is gone without a word', async () => {
    world.seedKey('gone');
    const SecretId = 'amplitude/dev/gone';
    await world.aws.clients.secretsManager.send(
      new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }),
    );
    expect(await world.sweep()).toBeUndefined();
    expect(world.mail().join()).not.toContain('gone');
  });
});

describe('a locked environment', () => {
  it('with its CMK disabled is reported daily, healed never, and goes on once it is enabled', async () => {
    await start({ cmk: true });
    await rotated();
    await world.stage(KEYS.third);
    await world.pass(30 * DAY - HOUR);
    await world.disableCmk();
    const before = world.labels();
    world.mail();
    await world.pass(2 * DAY);
    expect(world.labels()).toEqual(before);
    const told = world.mail();
    const daily = 'Amplitude environment dev needs a look: cmk unusable';
    expect(told).toEqual([daily, daily]);
    const metrics = world.printed
      .map((line) => JSON.parse(line))
      .findLast((line) => '_aws' in line);
    expect(metrics).toMatchObject({ KeysNotSwept: 1 });
    await world.enableCmk();
    await world.pass(HOUR);
    expect(labelsOf(KEYS.first)?.some(isAwaitingRevocation)).toBe(true);
  });
});

describe('a sweep whose messages can not be sent', () => {
  it('leaves everything as it is, and tells it at the next one', async () => {
    await rotated();
    await world.stage(KEYS.third);
    await world.pass(30 * DAY - HOUR);
    const before = world.labels();
    world.aws.faults.fail('Publish', { error: 'throttled' });
    await world.pass(HOUR);
    expect(world.labels()).toEqual(before);
    expect(world.mail()).toEqual([]);
    await world.pass(HOUR);
    expect(world.mail()).toEqual([`Revoke Amplitude key ${FINGERPRINTS.first} of dev/web`]);
    expect(labelsOf(KEYS.first)?.some(isAwaitingRevocation)).toBe(true);
  });
});

describe('a key that was made current again while it awaited its revocation', () => {
  it('keeps its full retention when it is replaced again, before or after a sweep', async () => {
    for (const swept of [false, true]) {
      await start();
      await rotated();
      await world.stage(KEYS.third);
      await world.pass(30 * DAY);
      const [first = '', second = ''] = Object.keys(world.labels());
      await world.moveCurrent(first, second);
      if (swept) await world.pass(HOUR);
      await world.rotate();
      await world.pass(3 * HOUR);
      expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
      expect(labelsOf(KEYS.first)).toEqual([
        'AWSPREVIOUS',
        expect.stringMatching(/^RETAINED-UNTIL-20270/),
      ]);
    }
  });
});

describe('an action that AWS refuses every hour', () => {
  it('does not repeat the messages of its key', async () => {
    await rotated();
    await world.pass(90 * DAY);
    await world.stage(KEYS.third);
    world.aws.faults.fail('RotateSecret', { error: 'access-denied', times: 200 });
    await world.pass(80 * HOUR);
    world.mail();
    await world.pass(24 * HOUR);
    expect(world.mail()).toEqual(['Amplitude key dev/web needs a look: rotation overdue']);
  });
});

describe('a rotation that ended since the plan was made', () => {
  it('is not started a second time', async () => {
    await rotated();
    await world.stage(KEYS.third);
    world.aws.clock.advance(91 * DAY);
    world.amplitude.onRequest = () => {
      world.amplitude.onRequest = () => {};
      world.aws.secretsManager.putByHand(SECRET, documentOf(KEYS.fourth));
    };
    world.aws.resetCalls();
    await world.sweep();
    expect(world.aws.countOf('RotateSecret')).toBe(0);
  });
});

describe('two sweeps at once', () => {
  it('end as one does', async () => {
    await rotated();
    await world.stage(KEYS.third);
    await world.pass(30 * DAY - HOUR);
    world.aws.clock.advance(HOUR);
    world.aws.takeTime(20);
    await Promise.all([world.lifecycleHandler({}), world.lifecycleHandler({})]);
    expect(labelsOf(KEYS.first)).toEqual([expect.stringMatching(/^AWAITING-REVOCATION-/)]);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    expect(world.mail().length).toBeLessThanOrEqual(2);
  });
});

describe('a sweep and a rotation at once', () => {
  it('leave one current key, and every replaced one with its deadline', async () => {
    await rotated();
    await world.stage(KEYS.third);
    world.aws.takeTime(20);
    await Promise.all([world.rotate(), world.lifecycleHandler({}), world.lifecycleHandler({})]);
    await world.pass(2 * HOUR);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
    expect(labelsOf(KEYS.second)?.filter(isRetained)).toHaveLength(1);
    expect(labelsOf(KEYS.first)?.filter(isRetained)).toHaveLength(1);
    expect(labelsOf(KEYS.third)).toEqual(['AWSCURRENT']);
  });
});

describe('a clock', () => {
  it('that ran ahead and back again takes no key twice and no key early', async () => {
    await rotated();
    await world.stage(KEYS.third);
    await world.pass(10 * DAY);
    const now = world.aws.clock.now();
    world.aws.clock.set(new Date(now.getTime() - 5 * DAY));
    expect(await world.sweep()).toBeUndefined();
    expect(labelsOf(KEYS.first)?.filter(isRetained)).toHaveLength(1);
    world.aws.clock.set(now);
    await world.pass(19 * DAY);
    expect(labelsOf(KEYS.first)?.filter(isRetained)).toHaveLength(1);
  });
});

describe('a dry run', () => {
  it('tells what a sweep would do and changes nothing', async () => {
    await rotated();
    await world.stage(KEYS.third);
    world.aws.clock.advance(30 * DAY);
    world.aws.resetCalls();
    const report = await world.lifecycleHandler({ dryRun: true });
    expect(report).toMatchObject({ dryRun: true, environment: 'dev' });
    expect(report.keys[0]?.notices).toContain(
      `Revoke Amplitude key ${FINGERPRINTS.first} of dev/web`,
    );
    expect(report.keys[0]?.actions).toContainEqual(
      expect.objectContaining({
        do: 'move',
        move: expect.objectContaining({ from: expect.anything() }),
      }),
    );
    const changing = /^(Update|Put|Tag|Untag|Rotate|Publish|Delete|Create)/;
    expect(
      world.aws.calls.map(({ command }) => command).filter((name) => changing.test(name)),
    ).toEqual([]);
  });
});

describe('a payload', () => {
  it.each([[{ dryrun: true }], [{ dryRun: 'yes' }], ['sweep'], [[]]])(
    '%j is refused, and nothing is done',
    async (payload) => {
      await expect(world.lifecycleHandler(payload)).rejects.toMatchObject({
        code: 'EVENT_MALFORMED',
      });
      expect(world.aws.calls).toEqual([]);
    },
  );
});

describe('what a sweep prints', () => {
  it('is one line per key with its numbers, one of metrics, and never a key', async () => {
    await rotated();
    await world.stage(KEYS.third);
    world.printed.length = 0;
    await world.pass(30 * DAY);
    const lines = world.printed.map((line) => JSON.parse(line));
    expect(lines.findLast(({ message }) => message === 'Key swept').metadata).toEqual({
      environment: 'dev',
      key: 'web',
      days_since_rotation: 30,
      days_until_rotation: 60,
      staged_key_ready: 1,
      retained_versions: 0,
      awaiting_revocation: 1,
      oldest_awaiting_revocation_hours: 0,
      hand_over_failed: 0,
      current_key_accepted: 1,
      notices: 1,
      actions: expect.any(Number),
    });
    expect(lines.findLast((line) => '_aws' in line)).toMatchObject({
      DaysSinceRotation: 30,
      DaysUntilRotation: 60,
      StagedKeyReady: 1,
      RetainedVersions: 0,
      AwaitingRevocation: 1,
      OldestAwaitingRevocationHours: 0,
      HandOverFailed: 0,
      CurrentKeyAccepted: 1,
      KeysNotSwept: 0,
    });
    const everything = [
      ...world.printed,
      ...world.aws.sns.published.map(({ message, subject }) => `${subject}${message}`),
      JSON.stringify(world.trail()),
      JSON.stringify(world.aws.secretsManager.tagsOf(SECRET)),
    ].join('\n');
    for (const key of Object.values(KEYS)) expect(everything).not.toContain(key);
  });
});

describe('a placeholder', () => {
  it('that comes back as current is an alarm and a message', async () => {
    await rotated();
    await world.sweep();
    world.aws.secretsManager.putByHand(SECRET, '{"placeholder":"none"}');
    world.printed.length = 0;
    world.mail();
    await world.pass(HOUR);
    expect(world.mail().join()).toMatch(/placeholder is back|worth a look/);
    const metrics = world.printed.map((line) => JSON.parse(line)).find((line) => '_aws' in line);
    expect(metrics.CurrentKeyAccepted).toBe(0);
  });

  it('of a fresh environment is no key, and no alarm', async () => {
    await start({ value: '{"placeholder":"none"}' });
    world.printed.length = 0;
    await world.pass(30 * DAY);
    expect(world.mail()).toEqual([]);
    const metrics = world.printed
      .map((line) => JSON.parse(line))
      .findLast((line) => '_aws' in line);
    expect(metrics).toMatchObject({ StagedKeyReady: 1, KeysNotSwept: 0 });
    expect(metrics).not.toHaveProperty('DaysSinceRotation');
    expect(metrics).not.toHaveProperty('CurrentKeyAccepted');
  });
});

describe('many keys of one age', () => {
  it('are told once what is about all of them, however many they are', async () => {
    for (let at = 0; at < 50; at += 1) world.seedKey(`key-${at}`);
    world.amplitude.generate(KEYS.fourth);
    await world.sweep();
    world.mail();
    await world.disableCmk();
    await world.pass(HOUR);
    expect(world.mail()).toEqual(['Amplitude environment dev needs a look: cmk unusable']);
  });

  it('are told in one message, and what they have in common once', async () => {
    for (const name of ['a', 'b', 'c']) {
      world.seedKey(name, { value: documentOf(KEYS.fourth) });
    }
    world.amplitude.generate(KEYS.fourth);
    await world.pass(69 * DAY + HOUR);
    expect(world.mail()).toEqual(['4 Amplitude keys of dev: next key to be staged']);
  });
});
