import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { whereLocalAwsIs } from '../aws/local/suite.ts';

const root = join(import.meta.dirname, '..', '..');

whereLocalAwsIs('the demo', () => {
  it('takes a key through RotateSecret and the four steps of the deployed function', async () => {
    const node = join(root, 'node_modules', '.bin', 'node');
    const env = { ...process.env, COLUMNS: '90' };
    const { stdout } = await promisify(execFile)(node, ['test/demo/demo.ts'], { cwd: root, env });
    expect(stdout.split('\n').filter((line) => line.length > 90)).toEqual([]);
    expect(stdout).toMatch(/createSecret .*\n.*setSecret .*\n.*testSecret .*\n.*finishSecret /);
    expect(stdout).toMatch(/AWSCURRENT +AWSPREVIOUS RETAINED-UNTIL-\d{8}T\d{6}Z-[0-9a-f]{8}\n/);
    expect(stdout).toContain('Cleaned up: the staged parameter is gone');
    expect(stdout).toContain('[KEY_REJECTED]');
    expect(stdout).toContain('0 of ');
  }, 120_000);
});
