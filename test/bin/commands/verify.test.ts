import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk, FP, KEYS } from '../desk/desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

const VERIFY = ['verify', '--env', 'dev'];

describe('verify', () => {
  it('explains the verdict on current and staged keys with its HTTP status', async () => {
    await desk.dev.stage('web', KEYS.second);
    const { code, stdout } = await desk.keyctl(VERIFY);
    expect(code).toBe(0);
    expect(stdout).toContain(`accepted  current key ${FP.first} "Web 2026-08"`);
    expect(stdout).toContain('Amplitude knows this key (HTTP 200).');
    expect(stdout).toContain(`rejected  staged key ${FP.second}`);
    expect(stdout).toContain('Next: Check that it is not revoked');
  });

  it('ends with 1 when the current key is rejected', async () => {
    desk.amplitude.revoke(KEYS.first);
    const { code, keys } = await desk.json(VERIFY);
    expect(code).toBe(1);
    expect(keys[0].checks[0]).toMatchObject({ verdict: 'rejected', httpStatus: 401 });
  });

  it.each([
    ['throttling' as const, 'Amplitude throttles us (HTTP 429)'],
    ['html' as const, 'the answer is not JSON'],
    ['not-enabled' as const, 'operation_not_enabled'],
    ['hanging-up' as const, 'Amplitude could not be reached'],
  ])('calls %s unknown, which is no failure', async (mood, words) => {
    desk.amplitude.expect(mood, mood, mood);
    const { code, stdout } = await desk.keyctl(VERIFY, { columns: 200 });
    expect(code).toBe(0);
    expect(stdout).toContain('unknown  current key');
    expect(stdout).toContain(words);
  });

  it('says that there is no key yet', async () => {
    const { code, stdout } = await desk.keyctl(['verify', '--env', 'prod', '--key', 'export']);
    expect(code).toBe(0);
    expect(stdout).toContain('No key yet');
  });

  it('goes on when one key cannot be checked, and ends with 1', async () => {
    desk.prod.aws.faults.fail('DescribeSecret', { error: 'throttled' });
    const { code, keys, failed } = await desk.json(['verify', '--env', 'prod']);
    expect(code).toBe(1);
    expect(keys).toHaveLength(1);
    expect(failed).toMatchObject([{ key: 'server', error: { code: 'THROTTLED' } }]);
  });

  it("passes the function's own error on when there is one key", async () => {
    desk.dev.aws.faults.fail('DescribeSecret', { error: 'throttled' });
    const { code, error } = await desk.json(VERIFY);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'THROTTLED' });
  });
});
