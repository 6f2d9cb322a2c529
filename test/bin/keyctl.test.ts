import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { KEYS } from './desk/desk.ts';

/** The real process, with pipes for a terminal. Nobody listens on port 9. */
async function keyctl(args: readonly string[], input = '', variables: object = {}) {
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '1',
    AWS_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...variables,
  };
  const child = spawn(process.execPath, ['bin/keyctl.ts', ...args], { env });
  child.stdin.end(input);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on('close', resolve)),
  ]);
  return { code, stdout, stderr };
}

describe('the process', () => {
  it('is run by Node as it is, without a word on stderr', async () => {
    const { code, stdout, stderr } = await keyctl(['--help'], '', { COLUMNS: '60' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('prints the shipped configuration', async () => {
    const { code, stdout } = await keyctl(['config', '--env', 'dev', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).environment).toBe('dev');
  });

  it('reads a key from stdin and leaves no colour in a pipe', async () => {
    const { code, stdout } = await keyctl(['which'], `${KEYS.first}\n`);
    expect(code).toBe(1);
    expect(stdout).toContain('AWS could not be reached (ECONNREFUSED)');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toContain(KEYS.first);
  });

  it('says when there are no credentials', async () => {
    const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
    const { code, stderr } = await keyctl(['status', '--env', 'dev'], '', none);
    expect(code).toBe(1);
    expect(stderr).toContain('[CREDENTIALS_EXPIRED]');
  });

  it('says when there is no Region', async () => {
    const { code, stderr } = await keyctl(['status', '--env', 'dev'], '', { AWS_REGION: '' });
    expect(code).toBe(1);
    expect(stderr).toContain('[REGION_MISSING]');
  });
});
