import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { whereLocalAwsIs } from '../aws/local/suite.ts';

const root = join(import.meta.dirname, '..', '..');

whereLocalAwsIs('the demo', () => {
  it('takes a key through RotateSecret, 30 days, its revocation, 90 days that were forgotten, and Dify beside it', async () => {
    const node = join(root, 'node_modules', '.bin', 'node');
    const env = { ...process.env, COLUMNS: '90' };
    const { stdout } = await promisify(execFile)(node, ['test/demo/demo.ts'], { cwd: root, env });
    expect(
      stdout
        .split('\n')
        .filter(
          (line) => line.length > 90 && line.trim().includes(' ') && !line.startsWith('   $ '),
        ),
    ).toEqual([]);
    expect(stdout).toMatch(/createSecret .*\n.*setSecret .*\n.*testSecret .*\n.*finishSecret /);
    expect(stdout).toMatch(/AWSCURRENT +AWSPREVIOUS RETAINED-UNTIL-\d{8}T\d{6}Z-[0-9a-f]{8}\n/);
    expect(stdout).toMatch(/backend +192\.0\.2\.10 +ok +\d+ +recorded\n/);
    expect(stdout).toMatch(/backend +203\.0\.113\.50 +suspicious +\d+ +quarantined\n/);
    expect(stdout).toMatch(/intern +198\.51\.100\.23 +suspicious +\d+ +quarantined\n/);
    expect(stdout).toContain('✉ Amplitude key dev/web: a reader was quarantined');
    expect(stdout).toMatch(/[0-9a-f]{8} {2}role\/backend, risk \d+\n/);
    expect(stdout).toMatch(/backend\/task-1 +– \(allowed\) +– \(allowed\)\n/);
    expect(stdout).toMatch(/backend\/build-7 +– \(allowed\) +Quarantined\d\n/);
    expect(stdout).toMatch(
      /intern\/laptop +OnlyGrantedReaders +Quarantined\d, OnlyGrantedReaders\n/,
    );
    expect(stdout).toContain('backend/task-1 tries again: the local AWS answers the key\n');
    expect(stdout).toContain('backend/build-7 tries again: the local AWS answers AccessDenied');
    expect(stdout).toMatch(/backend\/build-7 +– \(allowed\)\n/);
    expect(stdout).toMatch(/✉ .*quarantine [0-9a-f]{8} was released\n/);
    expect(stdout).toContain('Cleaned up: the staged parameter is gone');
    expect(stdout).toContain('[KEY_REJECTED]');
    expect(stdout).toMatch(/✉ Revoke Amplitude key [0-9a-f]{12} of dev\/web\n/);
    expect(stdout.replace(/\s+/g, ' ')).toContain('by a straggler or a thief: ');
    expect(stdout).toMatch(/✉ Amplitude key [0-9a-f]{12} of dev\/web is retired\n/);
    expect(stdout.match(/ {2}Stage the next Amplitude key of dev\/web/g)).toHaveLength(5);
    expect(stdout).toMatch(/Revocation of dev\/web, a dry run .*: nothing was changed/);
    expect(stdout).toMatch(/Revocation of dev\/web, declared .*, took \d+(\.\d)? m?s/);
    expect(stdout).toMatch(/✉ EMERGENCY: revoke Amplitude key [0-9a-f]{12} of dev\/web now/);
    expect(stdout).toContain('# Incident: Amplitude key dev/web');
    expect(stdout.replace(/\s+/g, ' ')).toContain('the incident is closed');
    expect(stdout).toContain('A dead rotation of Amplitude key dev/web was cleared');
    expect(stdout).toContain('✉ Amplitude key dev/web: the relay is held back');
    expect(stdout).toContain('✉ Amplitude key dev/web: the relay goes on');
    expect(stdout).toMatch(/ {3}while it rotates +20 +20 +0 +0\n/);
    expect(stdout).toMatch(/ {3}while it is revoked +20 +20 +0 +0\n/);
    expect(stdout).toContain('100 executions, 100 events in Amplitude, each once.');
    expect(stdout).toContain('$ npx keyctl relay status --env dev\n   Relay of dev, account');
    expect(stdout).toMatch(/Sends with key dev\/web: handed events since /);
    expect(stdout).toMatch(/ {3}Failed: no event\n\n {3}Next: nothing\.\n/);
    expect(stdout).toMatch(/14\. Was a key printed anywhere\?\n {3}0 of /);
  }, 240_000);
});
