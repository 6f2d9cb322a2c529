import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk, FP, KEYS } from '../desk/desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

describe('which', () => {
  it('finds environment, key, state and version of a key', async () => {
    const { code, matches } = await desk.json(['which'], { key: KEYS.prod });
    const versionId = desk.prod.aws.secretsManager.holderOf('amplitude/prod/server', 'AWSCURRENT');
    expect(code).toBe(0);
    expect(matches).toEqual([
      { environment: 'prod', key: 'server', versionId, state: 'current', name: 'Server 2026-08' },
    ]);
  });

  it('tells it to a person', async () => {
    const { stdout } = await desk.keyctl(['which'], { key: KEYS.prod, interactive: true });
    expect(stdout).toContain(`Key ${FP.prod} is in:`);
    expect(stdout).toMatch(/prod\/server +current +Server 2026-08/);
  });

  it('sends nothing but the fingerprint and who claims to ask', async () => {
    await desk.keyctl(['which', '--env', 'dev'], { key: KEYS.third });
    expect(desk.dev.aws.lambda.payloads).toEqual([
      { action: 'which', fingerprint: FP.third, caller: desk.identity.Arn },
    ]);
    expect(desk.prod.aws.lambda.payloads).toEqual([]);
  });

  it('ends with 1 when no environment knows the key', async () => {
    const { code, stdout } = await desk.keyctl(['which'], { key: KEYS.third });
    expect(code).toBe(1);
    expect(stdout).toContain(`Key ${FP.third} was not found in dev, prod.`);
  });

  it('says which environment could not be asked: a gap is no proof', async () => {
    desk.prod.aws.functions.clear();
    const { code, stdout } = await desk.keyctl(['which'], { key: KEYS.third });
    expect(code).toBe(1);
    expect(stdout).toContain('was not found in dev.');
    expect(stdout).toContain('Not searched: prod. Environment prod is not deployed');
  });

  it('says which key could not be searched', async () => {
    desk.dev.aws.faults.fail('DescribeSecret', { error: 'access-denied' });
    const { notSearched } = await desk.json(['which'], { key: KEYS.third });
    expect(notSearched).toMatchObject([{ environment: 'dev', key: 'web', code: 'ACCESS_DENIED' }]);
  });

  it('says which values have no fingerprint while the CMK is disabled', async () => {
    await desk.dev.disableCmk();
    const { code, said } = await desk.keyctl(['which', '--env', 'dev'], { key: KEYS.first });
    expect(code).toBe(1);
    expect(said).toContain('Not searched: dev/web. Its current version');
    expect(said).toContain("is unreadable, so its fingerprint isn't known");
  });

  it('refuses what is no key', async () => {
    const { code, error } = await desk.json(['which'], { key: 'hello' });
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'KEY_FORMAT' });
  });

  it('refuses a key as argument', async () => {
    const { code, said } = await desk.keyctl(['which', KEYS.prod]);
    expect(code).toBe(2);
    expect(said).toContain('treat it as leaked');
  });
});
