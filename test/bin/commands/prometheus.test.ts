import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk } from '../desk/desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

const RULES = ['prometheus', '--env', 'dev'];

describe('prometheus', () => {
  it('prints the alerting rules of an environment as YAML, whatever the width', async () => {
    const { code, stdout } = await desk.keyctl(RULES, { columns: 40 });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^groups:\n {2}- name: "amplitude-keys-dev"$/m);
    expect(stdout).toContain(
      `expr: "amplitudekeys_days_until_rotation_minimum{environment='dev', service='amplitude-lifecycle'} < -3"`,
    );
    expect(desk.calls).toEqual([]);
  });

  it('prints what the exporter needs, in the Region of the environment', async () => {
    const { code, stdout } = await desk.keyctl([...RULES, '--exporter']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^region: "us-east-1"$/m);
    expect(stdout).not.toContain('alert:');
    expect(desk.calls).toEqual([]);
  });

  it('takes the Region of the credentials where the environment has none', async () => {
    delete desk.environments.dev?.region;
    expect((await desk.json([...RULES, '--exporter'])).region).toBe('us-east-1');
  });

  it('refuses an exporter without any Region, and says how to give one', async () => {
    delete desk.environments.dev?.region;
    desk.regionFails = new Error('Region is missing');
    const { code, error } = await desk.json([...RULES, '--exporter']);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'REGION_MISSING' });
    expect((await desk.keyctl(RULES)).code).toBe(0);
  });

  it('gives the same as JSON', async () => {
    const { groups } = await desk.json(RULES);
    expect(groups).toMatchObject([{ name: 'amplitude-keys-dev' }]);
  });
});
