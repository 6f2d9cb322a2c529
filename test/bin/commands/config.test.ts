import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk, keyValues } from '../desk/desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

const CONFIG = ['config', '--env', 'dev'];

describe('config', () => {
  it('prints each value and where it came from', async () => {
    const { code, stdout } = await desk.keyctl(CONFIG, { columns: 120 });
    expect(code).toBe(0);
    expect(stdout).toMatch(/region +us-east-1 +environment/);
    expect(stdout).toMatch(/keys\.web\.rotateEveryDays +90 +default/);
    expect(desk.calls).toEqual([]);
  });

  it('says of account and Region that are not set where they come from', async () => {
    desk.environments.dev = { keys: { web: keyValues() } };
    const { stdout } = await desk.keyctl(CONFIG, { columns: 120 });
    for (const field of ['account', 'region']) {
      expect(stdout).toMatch(new RegExp(`${field} +where the credentials point +default`));
    }
  });

  it('says of an access guard that names no ranges that reads may come from anywhere', async () => {
    desk.environments.dev = { accessGuard: {}, keys: { web: keyValues() } };
    const { stdout } = await desk.keyctl(CONFIG, { columns: 120 });
    expect(stdout).toMatch(/accessGuard\.allowedRanges +anywhere +default/);
    expect(stdout).toMatch(/accessGuard\.deniedRanges +none +default/);
  });

  it('narrows to one key', async () => {
    const { values } = await desk.json([...CONFIG, '--key', 'web']);
    const paths: string[] = values.map(({ path }: { path: string }) => path);
    expect(paths.every((path) => path.startsWith('keys.web.'))).toBe(true);
    expect(paths).toContain('keys.web.retainPreviousDays');
  });

  const ended = {
    role: 'arn:aws:iam::111122223333:role/web',
    purpose: 'Web',
    expires: '2026-11-24T02:00:00Z',
  };

  it('shows who may read a key, field by field', async () => {
    const consumers = [
      { ...ended, expires: '2026-11-24T02:00:01Z' },
      { principalTag: { key: 'team', value: 'web' }, purpose: 'Team' },
    ];
    desk.environments.dev = { region: 'us-east-1', keys: { web: keyValues({ consumers }) } };
    const { stdout } = await desk.keyctl(CONFIG, { columns: 120 });
    expect(stdout).toMatch(/keys\.web\.consumers\.0\.expires +2026-11-24T02:00:01Z +environment/);
    expect(stdout).toMatch(/keys\.web\.consumers\.1\.principalTag\.key +team +environment/);
    expect(stdout).toMatch(/keys\.web\.consumers\.1\.principalTag\.value +web +environment/);
  });

  it('tells of a grant that ended, which holds up no other command', async () => {
    const keys = { web: keyValues({ consumers: [ended] }) };
    desk.environments.dev = { region: 'us-east-1', keys };
    const { code, said } = await desk.keyctl(CONFIG);
    expect(code).toBe(1);
    expect(said).toContain(
      'dev.keys.web.consumers.0.expires: the grant ended on 2026-11-24T02:00:00.000Z: take the consumer out, or give it a later end',
    );
    expect(await desk.keyctl(['status', '--env', 'dev'])).toMatchObject({ code: 0 });
  });

  it('shows all faults of the file at once', async () => {
    desk.environments.dev = { keys: { web: keyValues({ retainPreviousDays: '30', owner: '' }) } };
    const { code, said } = await desk.keyctl(CONFIG);
    expect(code).toBe(1);
    expect(said).toContain('dev.keys.web.retainPreviousDays: expected 1–365, got "30" (a string)');
    expect(said).toContain('dev.keys.web.owner: expected');
  });

  it('shows a name that is written twice', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'keyctl-')), 'twice.ts');
    await writeFile(file, 'export const environments = { dev: {},\n dev: {} };');
    const { error } = await desk.json([...CONFIG, '--config', file]);
    await rm(dirname(file), { recursive: true });
    expect(error.faults).toContainEqual(expect.objectContaining({ path: 'line 2' }));
  });

  it('gives the faults as JSON', async () => {
    desk.environments.dev = { keys: { web: keyValues({ retainPreviousDays: 0 }) } };
    const { error } = await desk.json(CONFIG);
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.faults).toMatchObject([{ path: 'dev.keys.web.retainPreviousDays' }]);
  });
});
