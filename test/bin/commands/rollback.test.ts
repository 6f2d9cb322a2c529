import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk } from '../desk/desk.ts';
import { asked, emergencyAnswers, refusal } from '../desk/emergency-functions.ts';
import { emergency } from '../terminal/emergency-reports.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  emergencyAnswers(desk.prod, emergency({ action: 'rollback' }));
});
afterEach(() => desk.close());

const WHY = ['--reason', 'key of another project'];
const ROLLBACK = ['rollback', '--env', 'prod', '--key', 'server'];

describe('rollback', () => {
  it('tells the wrong key and the one that is current again', async () => {
    const { code, said } = await desk.keyctl([...ROLLBACK, ...WHY]);
    expect(code).toBe(0);
    expect(said).toContain('Rollback of prod/server');
    expect(said).toContain('wrong 3f2a9c01b7de Server 2026-08 next 9b8c7d6e5f40 Server 2026-11');
    expect(asked(desk.prod, 'rollback')).toEqual([
      { action: 'rollback', key: 'server', reason: 'key of another project', dryRun: false },
    ]);
  });

  it('asks for the version that is named', async () => {
    const version = '1a2b3c4d-1111-4222-8333-444455556666';
    await desk.keyctl([...ROLLBACK, '--version', version, '--dry-run']);
    expect(asked(desk.prod, 'rollback')).toMatchObject([{ version, dryRun: true }]);
  });

  it('asks a person first', async () => {
    const person = { interactive: true, confirms: false };
    const { code, questions } = await desk.keyctl([...ROLLBACK, ...WHY], person);
    expect(code).toBe(1);
    expect(questions[0]).toContain('Make the previous key of prod/server current again?');
    expect(asked(desk.prod, 'rollback')).toEqual([]);
  });

  it('needs a reason', async () => {
    const { code } = await desk.keyctl(ROLLBACK);
    expect(code).toBe(2);
    expect(desk.calls).toEqual([]);
  });

  it('ends with 1 when a step failed, and when it is refused', async () => {
    const plan = [{ what: 'Make key 9b8c7d6e5f40 current again', failed: 'AWS throttles it.' }];
    emergencyAnswers(
      desk.prod,
      emergency({ action: 'rollback', plan }),
      refusal('NOT_ROLLED_BACK', 'There is no retained key.'),
    );
    expect((await desk.keyctl([...ROLLBACK, ...WHY])).code).toBe(1);
    const { code, error } = await desk.json([...ROLLBACK, ...WHY]);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'NOT_ROLLED_BACK' });
  });
});
