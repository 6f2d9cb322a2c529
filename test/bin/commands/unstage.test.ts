import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stagedName } from '../../../lambda/contract.ts';
import { Desk, FP, KEYS } from '../desk/desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

const UNSTAGE = ['unstage', '--env', 'dev'];

describe('unstage', () => {
  it('takes back the only staged key', async () => {
    await desk.dev.stage('web', KEYS.second);
    const { code, stdout } = await desk.keyctl(UNSTAGE);
    expect(code).toBe(0);
    expect(stdout).toBe(`Key ${FP.second} is no longer staged for dev/web.\n`);
    expect(desk.dev.aws.ssm.names()).toEqual([]);
  });

  it('takes back the one named, of several', async () => {
    await desk.dev.stage('web', KEYS.second);
    await desk.dev.stage('web', KEYS.third);
    const { code } = await desk.keyctl([...UNSTAGE, '--fingerprint', FP.second]);
    expect(code).toBe(0);
    expect(desk.dev.aws.ssm.names()).toEqual([stagedName('dev', 'web', FP.third)]);
  });

  it('asks which when several are staged, naming them', async () => {
    await desk.dev.stage('web', KEYS.second);
    await desk.dev.stage('web', KEYS.third);
    const { code, said } = await desk.keyctl(UNSTAGE);
    expect(code).toBe(2);
    expect(said).toContain(FP.second);
    expect(said).toContain(FP.third);
  });

  it('says that nothing is staged', async () => {
    const { code, error } = await desk.json(UNSTAGE);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'NOTHING_STAGED' });
  });

  it('says that nothing is staged under a fingerprint', async () => {
    const { code, error } = await desk.json([...UNSTAGE, '--fingerprint', FP.third]);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'NOT_STAGED' });
  });

  it.each([KEYS.second, '../../prod/server/staged/x'])(
    'refuses a fingerprint that is a key or a path',
    async (fingerprint) => {
      const { code } = await desk.keyctl([...UNSTAGE, '--fingerprint', fingerprint]);
      expect(code).toBe(2);
      expect(desk.calls).toEqual([]);
    },
  );

  it('warns that a rotation with the key is pending', async () => {
    await desk.dev.stage('web', KEYS.second);
    const pending = JSON.stringify({ apiKey: KEYS.second, name: 'x', held: [] });
    desk.dev.aws.secretsManager.putByHand('amplitude/dev/web', pending, ['AWSPENDING']);
    const { stdout } = await desk.keyctl(UNSTAGE);
    expect(stdout).toContain('Warning: A rotation with this key is pending');
  });
});
