import { describe, expect, it } from 'vitest';
import { KeysError } from '../../../../lambda/domain/errors.ts';
import { standingOf, stragglersIn } from '../../../../lambda/domain/hand-over/standing.ts';
import type { ServiceDeployment } from '../../../../lambda/domain/ports.ts';
import { ago, HOUR, NOW } from '../lifecycle/seen.ts';

const MINUTE = HOUR / 60;
const SINCE = ago(2 * HOUR);
const before = ago(3 * HOUR);
const after = ago(HOUR + 50 * MINUTE);

const deployment = (
  progress: ServiceDeployment['progress'],
  createdAt = after,
): ServiceDeployment => ({ createdAt, progress, told: 'TOLD' });

const sight = (created: Date[], runs: boolean, deployments: ServiceDeployment[]) =>
  standingOf({ tasks: created.map((createdAt) => ({ createdAt, runs })), deployments }, SINCE, NOW);
const standing = (created: Date[], ...deployments: ServiceDeployment[]) =>
  sight(created, true, deployments);
/** None of its tasks has started. */
const starting = (created: Date[], ...deployments: ServiceDeployment[]) =>
  sight(created, false, deployments);

describe('a service', () => {
  it('has the key when each task was created since the promotion, whatever its deployments say', () => {
    expect(standing([after, SINCE])).toEqual({ word: 'has it' });
    expect(standing([after], deployment('failed'))).toEqual({ word: 'has it' });
    expect(standing([after], deployment('running'))).toEqual({ word: 'has it' });
  });

  it('without a task has it: the next one reads the current key', () => {
    expect(standing([])).toEqual({ word: 'has it' });
  });

  it('that is told to run no task has it, whatever was deployed since', () => {
    expect(standing([], deployment('successful'))).toEqual({ word: 'has it' });
    expect(starting([], deployment('failed'), deployment('successful'))).toEqual({
      word: 'has it',
    });
    expect(starting([after])).toEqual({ word: 'has it' });
  });

  it.each([[[]], [[after]]])(
    'does not have it yet while no task has started, and holds up no retention',
    (created) => {
      expect(starting(created, deployment('running', ago(HOUR / 2)))).toEqual({
        word: 'restarting',
        idle: true,
      });
      for (const progress of ['running', 'failed'] as const) {
        const found = starting(created, deployment(progress));
        expect(found).toMatchObject({ word: 'failed', idle: true });
        expect(stragglersIn(new Map([['dify/web', found]]))).toEqual([]);
      }
    },
  );

  it('is on the previous key while an earlier task runs and nothing was deployed since', () => {
    expect(standing([after, before])).toEqual({ word: 'still on the previous key' });
    expect(standing([before], deployment('failed', before)).word).toBe('still on the previous key');
  });

  it('is restarting while a deployment since runs, or has just ended', () => {
    for (const progress of ['running', 'successful'] as const) {
      const begun = deployment(progress, ago(HOUR - MINUTE));
      expect(standing([after, before], begun)).toEqual({ word: 'restarting' });
    }
  });

  it('has failed when the newest deployment was rolled back, and is not when another one runs', () => {
    const rolledBack = deployment('failed', ago(90 * MINUTE));
    expect(standing([before], rolledBack)).toEqual({
      word: 'failed',
      why: 'the deployment that began at 2026-11-24T10:30:00.000Z failed (TOLD)',
    });
    expect(standing([before], deployment('running', ago(MINUTE)), rolledBack).word).toBe(
      'restarting',
    );
  });

  it('has failed when a deployment is not steady after an hour', () => {
    const stuck = deployment('running', ago(HOUR));
    expect(standing([after, before], stuck)).toEqual({
      word: 'failed',
      why: 'the deployment that began at 2026-11-24T11:00:00.000Z is not steady after an hour (TOLD)',
    });
  });

  it('counts what began within a minute before, since clocks differ, unless its tasks are there', () => {
    const shortlyBefore = new Date(SINCE.getTime() - 30_000);
    expect(standing([before], deployment('failed', shortlyBefore)).word).toBe('failed');
    expect(standing([before], deployment('successful', shortlyBefore)).word).toBe(
      'still on the previous key',
    );
  });

  it('that ECS does not know is not found, and one it does not tell of is unknown', () => {
    const missing = new KeysError('SERVICE_NOT_FOUND', 'ECS knows no service dify/web.');
    expect(standingOf(missing, SINCE, NOW)).toEqual({
      word: 'not found',
      why: 'ECS knows no service dify/web. (SERVICE_NOT_FOUND)',
    });
    const denied = new KeysError('ACCESS_DENIED', 'AWS denied it.');
    expect(standingOf(denied, SINCE, NOW)).toEqual({
      word: 'unknown',
      why: 'AWS denied it. (ACCESS_DENIED)',
    });
  });
});

describe('a retention', () => {
  it('does not end under a service that may run with a replaced key', () => {
    const words = [
      'has it',
      'restarting',
      'still on the previous key',
      'failed',
      'not found',
      'unknown',
    ] as const;
    const standings = new Map(words.map((word) => [word, { word }]));
    expect(stragglersIn(standings)).toEqual([
      'failed',
      'restarting',
      'still on the previous key',
      'unknown',
    ]);
  });
});
