import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLACEHOLDER, tag } from '../../../lambda/contract.ts';
import type { EmergencyReport, InventoryReport, KeyReport } from '../../../lambda/payloads.ts';
import { createWorld, FINGERPRINTS, KEYS, type World, type WorldOptions } from '../world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SECRET = 'amplitude/dev/web';
const WEB = 'dify/web';
const WORKER = 'dify/worker';

let world: World;
const start = async (options: WorldOptions = {}) => {
  await world?.close();
  world = await createWorld({ services: [WEB, WORKER], ...options });
  world.aws.clock.advance(HOUR);
};
beforeEach(() => start());
afterEach(() => world.close());

const rotated = async (key: string = KEYS.second) => {
  await world.stage(key);
  expect(await world.rotate()).toBeUndefined();
};
/** How often each was restarted. */
const restarts = () => [WEB, WORKER].map((one) => world.aws.ecs.deploymentsOf(one).length);
const events = () => world.aws.events.taken.map(({ detail }) => detail);
const lastMail = () => world.aws.sns.published.at(-1)?.message ?? '';
const note = (name: string) => world.aws.secretsManager.tagsOf(SECRET)[`amplitude-note-${name}`];
const versionOf = (key: string) =>
  Object.keys(world.labels()).find((id) => world.keyOf(id) === key) ?? '';
const labelsOf = (key: string) => world.labels()[versionOf(key)] ?? [];
/** Counts of the alarm's metric that a rotation or an emergency made, or the last sweep. */
const alarmed = () =>
  world.printed.map((line) => JSON.parse(line).HandOverFailed ?? 0).reduce((a, b) => a + b, 0);
const invoke = (payload: object): Promise<EmergencyReport> =>
  world.emergencyHandler({ key: 'web', reason: 'leaked', caller: 'ann', ...payload });
const stepOf = ({ plan }: EmergencyReport) => plan.find(({ what }) => what.startsWith('Hand over'));
const inventory = async (): Promise<KeyReport> => {
  const { keys } = (await world.inspectHandler({ action: 'inventory' })) as InventoryReport;
  const [only] = keys;
  if (!only) throw new Error('There is no key.');
  return only;
};
const standings = async () => (await inventory()).consumers?.map(({ standing }) => standing);

describe('a rotation', () => {
  it('restarts each ECS service of a consumer, and says so', async () => {
    await rotated();
    expect(restarts()).toEqual([1, 1]);
    expect(lastMail()).toContain('ECS service dify/web is being restarted.');
    expect(lastMail()).toContain('ECS service dify/worker is being restarted.');
    expect(note('hand-over')).toBe(`${versionOf(KEYS.second)} 2026-11-24T01:00:00.000Z`);
    expect(alarmed()).toBe(0);
  });

  it('is in the log, with the name of each service', async () => {
    await rotated();
    const lines = world.printed.map((line) => JSON.parse(line));
    const told = lines.filter(({ message }) => message === 'ECS service restarted');
    expect(told.map(({ metadata }) => metadata)).toEqual([
      { key: 'web', ecs_service: WEB },
      { key: 'web', ecs_service: WORKER },
    ]);
  });

  it('costs one call for when it was, and one a service', async () => {
    await world.stage(KEYS.second);
    world.aws.resetCalls();
    await world.rotate();
    const commands = world.aws.calls.map(({ command }) => command);
    expect(commands.length - 1).toBe(15 + 1 + 2);
    expect(commands.slice(-6)).toEqual([
      'DeleteParameter',
      'TagResource',
      'UpdateService',
      'UpdateService',
      'PutEvents',
      'Publish',
    ]);
  });

  it('announces it, never with the key', async () => {
    await rotated();
    expect(world.aws.events.taken).toHaveLength(1);
    expect(world.aws.events.taken[0]).toMatchObject({
      source: 'amplitude-keys',
      detailType: 'Amplitude Key Rotated',
      detail: {
        environment: 'dev',
        key: 'web',
        fingerprint: FINGERPRINTS.second,
        version: versionOf(KEYS.second),
        by: 'rotation',
      },
    });
    expect(JSON.stringify(world.aws.events.taken)).not.toContain(KEYS.second);
  });

  it('of the first key hands it over too: services wait for it', async () => {
    await start({ value: PLACEHOLDER });
    await rotated();
    expect(restarts()).toEqual([1, 1]);
    expect(events()).toHaveLength(1);
  });

  it('notes nothing and asks nobody where no consumer has a service', async () => {
    await start({ services: [] });
    await rotated();
    expect(note('hand-over')).toBeUndefined();
    expect(events()).toHaveLength(1);
    expect(world.aws.calls.filter(({ service }) => service === 'ecs')).toEqual([]);
  });

  it('leaves a service alone whose grant is over: it could not read the key', async () => {
    await start({ tags: { [tag.consumerExpires(1)]: '2026-11-24T00:30:00.000Z' } });
    await rotated();
    expect(restarts()).toEqual([0, 1]);
  });

  it('that is finished again restarts nothing again', async () => {
    await world.stage(KEYS.second);
    world.aws.faults.fail('Publish', { error: 'throttled' });
    await world.rotate();
    expect(restarts()).toEqual([1, 1]);
    world.aws.clock.advance(MINUTE);
    expect(await world.retry()).toBeUndefined();
    expect(restarts()).toEqual([1, 1]);
    expect(lastMail()).toContain('ECS service dify/web was restarted already.');
    expect(note('hand-over')).toContain('2026-11-24T01:00:00.000Z');
  });

  it('that is finished again leaves a service alone that somebody else has deployed since', async () => {
    await world.stage(KEYS.second);
    world.aws.faults.fail('UpdateService', { error: 'throttled', times: 2 });
    world.aws.faults.fail('Publish', { error: 'throttled' });
    await world.rotate();
    world.aws.clock.advance(MINUTE);
    world.aws.ecs.deploy(WEB);
    expect(await world.retry()).toBeUndefined();
    expect(restarts()).toEqual([1, 1]);
  });

  it('that is finished again restarts a service whose deployment had begun before', async () => {
    await world.stage(KEYS.second);
    world.aws.ecs.deploy(WEB);
    world.aws.clock.advance(MINUTE / 2);
    world.aws.faults.fail('UpdateService', { error: 'throttled' });
    world.aws.faults.fail('Publish', { error: 'throttled' });
    await world.rotate();
    world.aws.clock.advance(3 * MINUTE);
    expect(await world.retry()).toBeUndefined();
    expect(restarts()).toEqual([2, 1]);
  });

  it('under a lockdown restarts nothing: what starts then could not start', async () => {
    await invoke({ action: 'lockdown', scope: 'key' });
    await rotated();
    expect(restarts()).toEqual([0, 0]);
    expect(lastMail()).toContain('dify/web and dify/worker must wait: reads are locked down');
    await world.sweep();
    expect(restarts()).toEqual([0, 0]);
    await invoke({ action: 'unlock', scope: 'key' });
    await world.sweep();
    expect(restarts()).toEqual([1, 1]);
  });
});

describe('a rotation whose hand-over fails', () => {
  it.each([
    ['UpdateService', 'ECS service dify/web could not be restarted; the hourly sweep takes it up.'],
    ['TagResource', 'ECS services dify/web and dify/worker could not be restarted; the hourly'],
    ['PutEvents', 'The event about it could not be sent; the hourly sweep takes it up.'],
  ])('at %s has succeeded, alarms and says so; the sweep goes on with it', async (call, words) => {
    await world.stage(KEYS.second);
    world.aws.faults.fail(call, { error: 'access-denied' });
    expect(await world.rotate()).toBeUndefined();
    expect(world.aws.faults.pending).toEqual([]);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    expect(lastMail()).toContain(words);
    expect(lastMail()).toContain('(ACCESS_DENIED)');
    expect(alarmed()).toBe(1);
    await world.pass(2 * HOUR);
    expect(restarts()).toEqual([1, 1]);
    expect(events()).toHaveLength(1);
    expect(note('unannounced')).toBeUndefined();
  });

  it('for an answer that was lost is not repeated', async () => {
    await world.stage(KEYS.second);
    world.aws.faults.fail('UpdateService', { error: 'timeout', when: 'after' });
    await world.rotate();
    await world.pass(2 * HOUR);
    expect(restarts()).toEqual([1, 1]);
  });

  it('is gone on with by the sweep until it works, and the rest of the sweep does not wait', async () => {
    world.aws.faults.fail('UpdateService', { error: 'access-denied', times: 6 });
    await rotated();
    await world.pass(2 * HOUR);
    expect(restarts()).toEqual([0, 0]);
    expect(alarmed()).toBe(6);
    const notSwept = world.printed.map((line) => JSON.parse(line).KeysNotSwept ?? 0);
    expect(Math.max(...notSwept)).toBe(0);
    await world.pass(HOUR);
    expect(restarts()).toEqual([1, 1]);
  });

  it('announces it by the sweep though EventBridge refused it twice', async () => {
    world.aws.faults.fail('PutEvents', { error: 'access-denied', times: 2 });
    await rotated();
    expect(note('unannounced')).toBe(`${versionOf(KEYS.second)} rotation`);
    await world.pass(HOUR);
    expect(events()).toEqual([]);
    expect(note('unannounced')).toBeDefined();
    await world.pass(HOUR);
    expect(events()).toMatchObject([{ fingerprint: FINGERPRINTS.second, by: 'rotation' }]);
    expect(note('unannounced')).toBeUndefined();
  });

  it('tells of an event that is lost, when that could not be noted either', async () => {
    await start({ services: [] });
    world.aws.faults.fail('PutEvents', { error: 'access-denied' });
    world.aws.faults.fail('TagResource', { error: 'access-denied' });
    await rotated();
    expect(alarmed()).toBe(2);
  });
});

describe('a sweep', () => {
  it('brings a service to a value that was put by hand', async () => {
    await world.sweep();
    world.aws.secretsManager.putByHand(SECRET, JSON.stringify({ apiKey: KEYS.second }));
    world.aws.clock.advance(MINUTE);
    world.aws.ecs.deploy(WEB);
    await world.pass(2 * HOUR);
    expect(restarts()).toEqual([1, 1]);
  });

  it('brings services back when AWSCURRENT was moved back by hand', async () => {
    await rotated();
    await world.pass(2 * HOUR);
    world.printed.length = 0;
    await world.moveCurrent(versionOf(KEYS.first), versionOf(KEYS.second));
    await world.pass(3 * HOUR);
    expect(restarts()).toEqual([2, 2]);
    expect(note('hand-over')).toContain(versionOf(KEYS.first));
    expect(world.printed.join()).toContain('"ecs_service": "dify/worker"');
  });

  it('restarts a service only once that is rolled back, tells of it daily, and alarms', async () => {
    world.aws.ecs.setOutcome(WEB, 'rolled back');
    await rotated();
    world.mail();
    await world.pass(DAY);
    expect(restarts()).toEqual([1, 1]);
    expect(alarmed()).toBeGreaterThan(20);
    expect(world.mail().filter((one) => one.includes('hand over failed'))).toHaveLength(1);
    world.aws.ecs.setOutcome(WEB, 'steady');
    world.aws.ecs.deploy(WEB);
    await world.pass(HOUR);
    expect(note('finding-hand-over-failed')).toBeUndefined();
  });

  it('tells of a service that never becomes steady, after an hour', async () => {
    world.aws.ecs.setOutcome(WORKER, 'never steady');
    await rotated();
    world.mail();
    world.aws.clock.advance(50 * MINUTE);
    await world.sweep();
    expect(world.mail().join()).not.toContain('hand over failed');
    await world.pass(HOUR);
    expect(world.mail().join()).toContain('hand over failed');
    expect(restarts()).toEqual([1, 1]);
  });

  it('tells of a service that stops its tasks first and then cannot start any', async () => {
    world.aws.ecs.seedService(WEB, { minimumHealthyPercent: 0, outcome: 'never steady' });
    await rotated();
    world.aws.clock.advance(MINUTE);
    expect(await standings()).toEqual(['restarting', 'restarting']);
    world.mail();
    await world.pass(2 * HOUR);
    expect(await standings()).toEqual(['failed', 'has it']);
    expect(world.mail().join()).toContain('hand over failed');
    expect(restarts()).toEqual([1, 1]);
  });

  it('tells of a service that ECS does not know', async () => {
    world.aws.ecs.removeService(WORKER);
    await rotated();
    await world.pass(HOUR);
    expect(lastMail()).toContain('dify/worker');
    expect(lastMail()).toContain('(SERVICE_NOT_FOUND)');
  });

  it('asks about a service that keys share once', async () => {
    const shared = { [tag.consumer(1)]: 'arn:aws:iam::111122223333:role/web' };
    world.seedKey('other', { tags: { ...shared, [tag.consumerEcs(1)]: WEB } });
    world.aws.resetCalls();
    await world.sweep();
    const asked = world.aws.calls.filter(({ command }) => command === 'ListTasks');
    expect(asked).toHaveLength(2);
  });

  it('restarts a service that keys share once for all of them', async () => {
    const shared = { [tag.consumer(1)]: 'arn:aws:iam::111122223333:role/web' };
    world.seedKey('other', { tags: { ...shared, [tag.consumerEcs(1)]: WEB } });
    for (const name of [SECRET, 'amplitude/dev/other']) {
      const value = JSON.stringify({ apiKey: KEYS.second });
      world.aws.secretsManager.putByHand(name, value);
    }
    await world.pass(2 * HOUR);
    expect(restarts()).toEqual([1, 1]);
  });

  it('in a dry run restarts nothing, and says what it would', async () => {
    world.aws.faults.fail('UpdateService', { error: 'throttled', times: 2 });
    await rotated();
    const { keys } = await world.lifecycleHandler({ dryRun: true });
    expect(keys[0]?.actions).toContainEqual({
      do: 'restart',
      service: { cluster: 'dify', service: 'web' },
      current: versionOf(KEYS.second),
    });
    expect(restarts()).toEqual([0, 0]);
  });

  const meanwhile = (work: () => Promise<unknown>) => {
    world.aws.onCall = async ({ command }) => {
      if (command !== 'DescribeTasks') return;
      world.aws.onCall = undefined;
      await work();
    };
  };

  it('restarts nothing that is locked down while it looks: it could not start again', async () => {
    world.aws.faults.fail('UpdateService', { error: 'throttled', times: 2 });
    await rotated();
    meanwhile(() => invoke({ action: 'lockdown', scope: 'key' }));
    await world.sweep();
    expect(restarts()).toEqual([0, 0]);
    await invoke({ action: 'unlock', scope: 'key' });
    await world.pass(HOUR);
    expect(restarts()).toEqual([1, 1]);
  });

  it('restarts nothing again that a revocation restarts while it looks', async () => {
    world.aws.faults.fail('UpdateService', { error: 'throttled', times: 2 });
    await rotated();
    await world.stage(KEYS.third);
    meanwhile(() => invoke({ action: 'revoke' }));
    await world.sweep();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
    expect(restarts()).toEqual([1, 1]);
  });
});

describe('a retention', () => {
  const lastDay = async () => {
    for (let day = 0; day < 31; day += 1) {
      world.aws.clock.advance(DAY);
      await world.sweep();
    }
  };

  it('does not end under a service that runs with the replaced key, and ends once it has the next', async () => {
    world.aws.ecs.setOutcome(WEB, 'rolled back');
    await rotated();
    await lastDay();
    expect(world.keyAt('AWSPREVIOUS')).toBe(KEYS.first);
    expect(lastMail()).toContain('is over and goes on all the same');
    expect(labelsOf(KEYS.first).join()).not.toContain('AWAITING');
    world.aws.ecs.setOutcome(WEB, 'steady');
    world.aws.ecs.deploy(WEB);
    await world.pass(HOUR);
    expect(labelsOf(KEYS.first)).toEqual([expect.stringContaining('AWAITING-REVOCATION')]);
    expect(world.mail().join()).toContain(`Revoke Amplitude key ${FINGERPRINTS.first}`);
    expect(note('finding-retention-extended')).toBeUndefined();
  });

  it('is cut off by an emergency all the same', async () => {
    world.aws.ecs.setOutcome(WEB, 'rolled back');
    await rotated();
    await lastDay();
    await invoke({ action: 'revoke', version: 'previous' });
    expect(labelsOf(KEYS.first).join()).toMatch(/AWAITING-REVOCATION.*COMPROMISED/);
  });
});

describe('a revocation', () => {
  it('restarts services after Revoke was asked for, and tells it as a step', async () => {
    await world.stage(KEYS.second);
    world.aws.resetCalls();
    const report = await invoke({ action: 'revoke' });
    expect(restarts()).toEqual([1, 1]);
    const commands = world.aws.calls.map(({ command }) => command);
    expect(commands.indexOf('Publish')).toBeLessThan(commands.indexOf('UpdateService'));
    expect(commands.indexOf('Publish') + 1).toBeLessThanOrEqual(12);
    expect(commands.indexOf('PutLogEvents')).toBeLessThan(commands.indexOf('UpdateService'));
    expect(stepOf(report)).toEqual({
      what: `Hand over key ${FINGERPRINTS.second}: restart ECS services dify/web and dify/worker, the event "Amplitude Key Rotated"`,
      doneAt: expect.any(String),
    });
    expect(report.left[0]).toMatch(
      /^This restarts ECS services dify\/web and dify\/worker.*keyctl status/,
    );
    expect(report.left.join()).not.toContain('Restart the other');
    expect(events()).toMatchObject([{ by: 'revoke', fingerprint: FINGERPRINTS.second }]);
    await world.pass(2 * HOUR);
    expect(restarts()).toEqual([1, 1]);
  });

  it('in a dry run names the restarts and makes none', async () => {
    await world.stage(KEYS.second);
    const report = await invoke({ action: 'revoke', dryRun: true });
    expect(stepOf(report)?.what).toContain('restart ECS services dify/web and dify/worker');
    expect(restarts()).toEqual([0, 0]);
    expect(events()).toEqual([]);
  });

  it('still tells to restart the consumers that are not', async () => {
    await start({ tags: { [tag.consumer(3)]: 'arn:aws:iam::111122223333:role/builder' } });
    await world.stage(KEYS.second);
    const { left } = await invoke({ action: 'revoke' });
    expect(left[0]).toContain('Restart the other consumers that read the key when they start.');
  });

  it('of a browser key restarts its services too, and tells to deploy what else embeds it', async () => {
    await start({ tags: { [tag.audience]: 'browser' } });
    await world.stage(KEYS.second);
    const { left } = await invoke({ action: 'revoke' });
    expect(left[0]).toMatch(/^This restarts .*\. Deploy what else embeds the key;/);
  });

  it('whose restart fails ends all the same, alarms, and leaves it to the sweep', async () => {
    await world.stage(KEYS.second);
    world.aws.faults.fail('UpdateService', { error: 'access-denied' });
    const report = await invoke({ action: 'revoke' });
    expect(report.plan.every(({ doneAt }) => doneAt)).toBe(true);
    expect(stepOf(report)?.later).toMatch(/dify\/web could not be restarted; the hourly sweep/);
    expect(alarmed()).toBe(1);
    await world.pass(HOUR);
    expect(restarts()).toEqual([1, 1]);
  });

  it('that died before it was handed over hands it over when it is repeated, once', async () => {
    await world.stage(KEYS.second);
    world.aws.faults.fail('Publish', { error: 'access-denied' });
    await invoke({ action: 'revoke' });
    expect(restarts()).toEqual([0, 0]);
    world.aws.clock.advance(MINUTE);
    await invoke({ action: 'revoke' });
    expect(restarts()).toEqual([1, 1]);
    expect(events()).toMatchObject([{ by: 'revoke', fingerprint: FINGERPRINTS.second }]);
    await invoke({ action: 'revoke' });
    expect(restarts()).toEqual([1, 1]);
  });

  it('of a key that nobody reads any more restarts nothing', async () => {
    await rotated();
    const report = await invoke({ action: 'revoke', version: 'previous' });
    expect(stepOf(report)).toBeUndefined();
    expect(restarts()).toEqual([1, 1]);
    expect(events()).toHaveLength(1);
  });

  it('under a lockdown leaves the restart to the sweep that comes after it', async () => {
    await world.stage(KEYS.second);
    await invoke({ action: 'lockdown', scope: 'key' });
    const report = await invoke({ action: 'revoke' });
    expect(stepOf(report)?.what).toContain('no restart of ECS services dify/web and dify/worker');
    expect(report.left[0]).toMatch(/^The hourly sweep restarts .* once the lockdown is lifted\./);
    expect(restarts()).toEqual([0, 0]);
    await invoke({ action: 'unlock', scope: 'key' });
    await world.pass(HOUR);
    expect(restarts()).toEqual([1, 1]);
  });
});

describe('a rollback', () => {
  it('hands the key over that is current again', async () => {
    await rotated();
    world.aws.clock.advance(HOUR);
    const report = await invoke({ action: 'rollback' });
    expect(restarts()).toEqual([2, 2]);
    expect(stepOf(report)?.doneAt).toBeDefined();
    expect(events().at(-1)).toMatchObject({ by: 'rollback', fingerprint: FINGERPRINTS.first });
    expect(note('hand-over')).toContain(versionOf(KEYS.first));
    await world.pass(2 * HOUR);
    expect(restarts()).toEqual([2, 2]);
  });

  it('hands it over though an earlier promotion of the same version is on record', async () => {
    await rotated();
    await world.pass(HOUR);
    await world.moveCurrent(versionOf(KEYS.first), versionOf(KEYS.second));
    world.aws.clock.advance(MINUTE);
    world.aws.ecs.deploy(WEB);
    world.aws.clock.advance(MINUTE);
    await invoke({ action: 'rollback' });
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    expect(restarts()).toEqual([3, 2]);
  });

  it('that died before that, and is repeated by nobody, is handed over by the sweep', async () => {
    await rotated();
    world.aws.clock.advance(HOUR);
    const where = ({ VersionStage }: Readonly<Record<string, unknown>>) =>
      VersionStage === 'AWSPREVIOUS';
    world.aws.faults.fail('UpdateSecretVersionStage', { error: 'access-denied', where });
    await invoke({ action: 'rollback' });
    expect(restarts()).toEqual([1, 1]);
    await world.pass(2 * HOUR);
    expect(restarts()).toEqual([2, 2]);
  });
});

describe('the inventory', () => {
  it('tells of each consumer how far it is, and since when', async () => {
    await start({
      tags: {
        [tag.consumer(3)]: 'PrincipalTag/team=web',
        [tag.consumerExpires(3)]: '2026-12-01T00:00:00.000Z',
      },
    });
    expect(await standings()).toEqual(['has it', 'has it', undefined]);
    world.aws.faults.fail('UpdateService', { error: 'throttled', nth: 2 });
    await rotated();
    world.aws.clock.advance(MINUTE);
    expect((await inventory()).consumers).toEqual([
      {
        principal: 'arn:aws:iam::111122223333:role/web',
        service: WEB,
        standing: 'restarting',
        since: '2026-11-24T01:00:00.000Z',
      },
      {
        principal: 'arn:aws:iam::111122223333:role/worker',
        service: WORKER,
        standing: 'still on the previous key',
        since: '2026-11-24T01:00:00.000Z',
      },
      { principal: 'PrincipalTag/team=web', expires: '2026-12-01T00:00:00.000Z' },
    ]);
    await world.pass(2 * HOUR);
    expect(await standings()).toEqual(['has it', 'has it', undefined]);
  });

  it('says why a hand-over failed, and what a person has to do', async () => {
    world.aws.ecs.setOutcome(WEB, 'rolled back');
    await rotated();
    await world.pass(HOUR);
    const { consumers = [], todo } = await inventory();
    expect(consumers[0]).toMatchObject({ standing: 'failed' });
    expect(consumers[0]?.why).toContain('ROLLBACK_SUCCESSFUL');
    expect(todo.join()).toContain(
      'Mend it and deploy it: aws ecs update-service --cluster dify --service web',
    );
  });

  it('is given though ECS gives no answer, or does not know a service', async () => {
    world.aws.ecs.removeService(WORKER);
    world.aws.faults.fail('ListTasks', { error: 'access-denied' });
    const { consumers = [], todo } = await inventory();
    expect(consumers.map(({ standing }) => standing).sort()).toEqual(['not found', 'unknown']);
    expect(todo.join()).toContain('dify/worker is not found');
  });

  it('tells nothing of a service while no key is current', async () => {
    await start({ value: PLACEHOLDER });
    expect(await standings()).toEqual([undefined, undefined]);
  });
});
