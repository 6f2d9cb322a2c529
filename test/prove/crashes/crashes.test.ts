import { describe, expect, it } from 'vitest';
import { KEYS, type World } from '../../lambda/world.ts';
import type { CrashPoint } from './calls.ts';
import { PAIRS } from './pairs.ts';
import { forgetAsked, ignoreFrom, SECRET, sendThrice, spoilCalls } from './planted.ts';
import type { Spoil } from './play.ts';
import { SCENARIOS } from './scenarios.ts';
import { searchCrashes, searchTogether } from './search.ts';
import { type Schedule, Turns } from './turns.ts';

const NONE = () => false;

async function found(
  name: string,
  spoil?: Spoil,
  isPicked: (point: CrashPoint) => boolean = () => true,
) {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (!scenario) throw new Error(`There is no scenario ${name}.`);
  const setting = { takesPendingOff: false, ...(spoil ? { spoil } : {}) };
  const { count, violations } = await searchCrashes(scenario, setting, isPicked);
  return { count, told: violations.map(({ promise, how }) => `${promise}: ${how}`) };
}

async function foundTogether(name: string, schedules: readonly Schedule[], spoil?: Spoil) {
  const pair = PAIRS.find((one) => one.name === name);
  if (!pair) throw new Error(`There is no pair ${name}.`);
  const setting = { takesPendingOff: true, ...(spoil ? { spoil } : {}) };
  const { violations } = await searchTogether(pair, setting, () => schedules);
  return violations.map(({ promise, how }) => `${promise}: ${how}`);
}

describe('the search of crash points', () => {
  it('finds nothing in a rotation as it is', async () => {
    const isPicked = ({ nth }: CrashPoint) => nth % 5 === 0;
    const { count, told } = await found('scheduled rotation', undefined, isPicked);
    expect(told).toEqual([]);
    expect(count).toBe(3);
  });

  it('finds a finishSecret that returns early once its version is current', async () => {
    const { told } = await found(
      'scheduled rotation',
      ({ aws, rotationHandler }) => {
        aws.secretsManager.onRotate = async (event) => {
          const current = aws.secretsManager.holderOf(SECRET, 'AWSCURRENT');
          if (event.Step !== 'finishSecret' || current !== event.ClientRequestToken)
            await rotationHandler(event);
        };
      },
      ({ nth }) => nth > 13,
    );
    expect(told.filter((one) => one.startsWith('No label is left behind'))).not.toEqual([]);
    expect(told.join()).toContain('0 times, 1 in a quiet run: Amplitude key dev/web rotated');
    expect(told.join()).toContain('second is staged');
  });

  it('finds labels that are not kept', async () => {
    const { told } = await found(
      'scheduled rotation',
      ({ aws }) =>
        spoilCalls(aws.secretsManager.operations, 'UpdateSecretVersionStage', ({ VersionStage }) =>
          String(VersionStage).startsWith('RETAINED-UNTIL-'),
        ),
      NONE,
    );
    expect(told.join('\n')).toMatch(/^No key is lost before its time: .*first is not kept until/m);
  });

  it('finds messages that never arrive', async () => {
    const { told } = await found(
      'sweep that ends a retention',
      ({ aws }) =>
        spoilCalls(aws.sns.operations, 'Publish', ({ Subject }) =>
          String(Subject).startsWith('Rev'),
        ),
      NONE,
    );
    expect(told.join('\n')).toMatch(/No message is missing.*first is never to be revoked/);
  });

  it('finds a notice that is never sent, whether anything fails or not', async () => {
    const { told } = await found(
      'scheduled rotation',
      ({ aws }) =>
        spoilCalls(aws.sns.operations, 'Publish', ({ Subject }) =>
          String(Subject).endsWith(' rotated'),
        ),
      NONE,
    );
    expect(told).toEqual([
      expect.stringMatching(
        /^No message is missing .*: scheduled rotation, nothing fails .*: 0 times, 1 in a quiet run: Amplitude key dev\/web rotated/,
      ),
    ]);
  });

  it('finds a Revoke that every sweep asks for', async () => {
    const { told } = await found('sweep that ends a retention', forgetAsked, NONE);
    expect(told).toEqual([
      expect.stringMatching(
        /nothing fails .*: \d+ times, 1 in a quiet run: Revoke Amplitude key first/,
      ),
    ]);
  });

  it('finds a retirement that nobody wrote down', async () => {
    const { told } = await found(
      'sweep that retires',
      ({ aws }) =>
        spoilCalls(aws.logs.operations, 'PutLogEvents', ({ logEvents }) =>
          JSON.stringify(logEvents).includes('\\"retired\\"'),
        ),
      NONE,
    );
    expect(told.join('\n')).toMatch(/^The audit trail.*never: retired first/m);
  });

  it('finds a service that is never restarted, and a key that is never announced', async () => {
    const { told } = await found(
      'rotation that restarts a service',
      ({ aws }) => {
        spoilCalls(aws.ecs.operations, 'UpdateService', () => true);
        spoilCalls(aws.events.operations, 'PutEvents', () => true);
      },
      NONE,
    );
    expect(told.join('\n')).toMatch(/^Each ECS service .*: dify\/web runs with a replaced key/m);
    expect(told.join('\n')).toMatch(/second was announced 0 times/);
  });

  it('finds a service that is restarted twice', async () => {
    const { told } = await found(
      'rotation that restarts a service',
      ({ aws, rotationHandler }) => {
        spoilCalls(aws.secretsManager.operations, 'TagResource', ({ Tags }) =>
          JSON.stringify(Tags).includes('hand-over'),
        );
        aws.secretsManager.onRotate = async (event) => {
          await rotationHandler(event);
          if (event.Step === 'finishSecret') await rotationHandler(event);
        };
      },
      NONE,
    );
    expect(told.join('\n')).toMatch(/^An ECS service .*: dify\/web was restarted 2 times for 1/m);
  });

  it('finds a rotation that says its key', async () => {
    const { told } = await found(
      'scheduled rotation',
      ({ aws, rotationHandler }: World) => {
        aws.secretsManager.onRotate = async (event) => {
          console.info(`takes ${KEYS.second}`);
          await rotationHandler(event);
        };
      },
      NONE,
    );
    expect(told[0]).toMatch(/^No key is printed: .*second/);
    expect(told.join()).not.toContain(KEYS.second);
  });
});

describe('the search of two things at once', () => {
  const NAME = 'a revocation of the current key and a rotation';

  it('finds nothing, by turns of a few calls each', async () => {
    expect(await foundTogether(NAME, [[3, 2, 1, 4, 2, 3]])).toEqual([]);
  });

  it('finds messages that come three times', async () => {
    const told = (await foundTogether(NAME, [[3]], sendThrice)).join('\n');
    expect(told).toMatch(/: 3 times: Amplitude key dev\/web rotated is now third/);
    expect(told).toMatch(/: \d+ times: EMERGENCY: revoke Amplitude key second/);
    expect(told).toMatch(/: 3 times: Revoke Amplitude key first/);
  });

  it('finds a move of AWSCURRENT that does not say whence', async () => {
    const schedules = Array.from({ length: 6 }, (_, index) => [0, 6 + index]);
    const told = await foundTogether(NAME, schedules, ignoreFrom);
    expect(told[0]).toMatch(
      /^The current key is one .*: third is current, .*|^Revoke is asked for in time: .*third/,
    );
  });
});

describe('turns', () => {
  it('are taken also by calls that are made at once, until each is through', async () => {
    const turns = new Turns([1, 1, 1, 1]);
    const made: string[] = [];
    const call = (name: string) => turns.take().then(() => void made.push(name));
    const three = (name: string) => () => Promise.all([call(name), call(name), call(name)]);
    await turns.run(three('one'), three('other'));
    expect(made).toEqual(['one', 'other', 'one', 'other', 'one', 'other']);
    expect(turns.made).toEqual({ one: 3, other: 3 });
  });
});
