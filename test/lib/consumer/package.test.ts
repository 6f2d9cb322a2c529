import { execFile, spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createWorld, KEYS } from '../../lambda/world.ts';
import { reader, readsOf } from './reader.ts';
import { secretsEndpoint } from './secrets-endpoint.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..', '..');
let app: string;
const installed = (...path: string[]) => join(app, 'node_modules', ...path);

/** As npm installs it: the packed files, and beside them what it asks for. */
beforeAll(async () => {
  app = mkdtempSync(join(tmpdir(), 'consumer-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', app], { cwd: root });
  const [{ filename }] = JSON.parse(stdout);
  mkdirSync(installed('amplitude-keys'), { recursive: true });
  await run('tar', [
    '-xzf',
    join(app, filename),
    '--strip-components=1',
    '-C',
    installed('amplitude-keys'),
  ]);
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(installed('amplitude-keys', 'package.json'), 'utf8'),
  );
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    mkdirSync(dirname(installed(name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), installed(name));
  }
  writeFileSync(join(app, 'package.json'), '{"type":"module"}');
}, 60_000);
afterAll(() => rmSync(app, { recursive: true, force: true }));

describe('the packed package', () => {
  it('is imported and required by name', async () => {
    const print = 'console.log(Object.keys(m).join())';
    const imports = `import * as m from 'amplitude-keys'; ${print}`;
    const requires = `const m = require('amplitude-keys/analytics-node'); ${print}`;
    const node = (...args: string[]) => run(process.execPath, args, { cwd: app });
    expect((await node('--input-type=module', '-e', imports)).stdout).toBe('amplitudeKey\n');
    expect((await node('--input-type=commonjs', '-e', requires)).stdout).toBe('keyPlugin\n');
  });

  it('has a keyctl that says where it runs: npm packs what is named as bin', async () => {
    const { bin } = JSON.parse(readFileSync(installed('amplitude-keys', 'package.json'), 'utf8'));
    const keyctl = installed('amplitude-keys', bin.keyctl);
    const { code, stderr } = await run(process.execPath, [keyctl]).catch((error) => error);
    expect(code).toBe(2);
    expect(stderr).toContain('run it in a clone');
  });

  it('has types that a stranger compiler understands', async () => {
    const source = `
      import { createInstance } from '@amplitude/analytics-node';
      import { type AmplitudeKey, amplitudeKey, type KeysError } from 'amplitude-keys';
      import { keyPlugin } from 'amplitude-keys/analytics-node';
      const key: AmplitudeKey = amplitudeKey({ secretId: 'amplitude/prod/server', maxAge: 60 });
      createInstance().add(keyPlugin(key));
      export const value: string = await key.current();
      export const waits = (error: KeysError) => error.code === 'NO_KEY_ACCEPTED';
      // @ts-expect-error It is text, and not any.
      export const wrong: number = await key.rejected(value);
      // @ts-expect-error A plugin wants a key, and not any.
      keyPlugin('0123');
    `;
    writeFileSync(join(app, 'app.ts'), source);
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022'];
    const modules = ['--module', 'nodenext', '--types', ''];
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    await run(tsc, [...options, ...modules, 'app.ts'], { cwd: app }).catch(({ stdout }) =>
      expect.fail(stdout),
    );
  });

  it('keeps the example sending while its key is revoked, and while it is rotated', async () => {
    const world = await createWorld();
    const aws = await secretsEndpoint(reader(world.aws));
    const { events, endpoints } = world.amplitude;
    cpSync(join(root, 'lib', 'consumer', 'example.js'), join(app, 'example.js'));
    const example = spawn(process.execPath, ['example.js'], {
      cwd: app,
      env: {
        SECRET_ID: 'amplitude/dev/web',
        AMPLITUDE_URL: `${endpoints.US.ingestion}/2/httpapi`,
        EVERY_MS: '2',
        FLUSH_MS: '10',
        AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
    });
    onTestFinished(async () => {
      example.kill('SIGKILL');
      await aws.close();
      await world.close();
    });
    const output = Promise.all([text(example.stdout), text(example.stderr)]);
    const reached = (count: number) => vi.waitUntil(() => events.length > count, 8_000);
    await reached(50);
    await world.stage(KEYS.second);
    await world.emergencyHandler({ action: 'revoke', key: 'web', reason: 'leaked' });
    world.amplitude.revoke(KEYS.first);
    await reached(150);
    await world.stage(KEYS.third);
    await world.rotate();
    await reached(250);
    example.kill('SIGTERM');
    const [stdout, stderr] = await output;
    const received = events.map((event) => (event.event_properties as { number: number }).number);
    expect({ stdout, stderr }).toEqual({ stdout: `${received.length} events\n`, stderr: '' });
    expect(received).toEqual(Array.from(received, (_, index) => index + 1));
    expect(readsOf(world.aws)).toEqual(['GetSecretValue', 'GetSecretValue']);
  }, 30_000);
});
