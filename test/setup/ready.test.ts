import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'ready-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('packages are not installed through a link, since that would delete those of somebody else', () => {
  const [clone, theirs] = [join(folder, 'clone'), join(folder, 'theirs')];
  const script = join(clone, 'test', 'setup', 'ready.mjs');
  mkdirSync(join(clone, 'test', 'setup'), { recursive: true });
  mkdirSync(theirs);
  copyFileSync(join(import.meta.dirname, 'ready.mjs'), script);
  writeFileSync(join(clone, 'package-lock.json'), '{}');
  writeFileSync(join(theirs, 'package.js'), '');
  symlinkSync(theirs, join(clone, 'node_modules'));
  // No npm is found there, whatever the script does
  const { status, stderr } = spawnSync(process.execPath, [script, 'packages'], {
    encoding: 'utf8',
    env: { PATH: '' },
  });
  expect(status).toBe(1);
  expect(stderr).toContain(`is a link to ${theirs}`);
  expect(stderr).not.toContain('Installing');
  expect(existsSync(join(theirs, 'package.js'))).toBe(true);
});
