import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = resolve(import.meta.dirname, '..', '..', '..');
const python = join(root, '.local', 'aws', 'bin', 'python');
const START_TIMEOUT_MS = 30_000;

/** A local AWS that runs: MiniStack on loopback, with what this project adds to it. */
export interface LocalAws {
  readonly endpoint: string;
  /** For every program that is to use it: endpoint, Region and credentials that mean nothing. */
  readonly env: Readonly<Record<string, string>>;
  /** Moves its clock forward. */
  advance(milliseconds: number): void;
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** The suites on the local AWS need Python; `npm test` installs the rest. */
export const isLocalAwsInstalled = () => existsSync(join(root, '.local', 'aws', 'installed'));

export async function startLocalAws(): Promise<LocalAws> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'amplitude-keys-aws-'));
  const clockFile = join(folder, 'clock');
  const server = spawn(python, [join(import.meta.dirname, 'launcher.py'), `${port}`, clockFile], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`,
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  const endpoint = `http://127.0.0.1:${port}`;
  await untilReady(endpoint, server);
  let ahead = 0;
  return {
    endpoint,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    advance(milliseconds) {
      ahead += milliseconds / 1000;
      writeFileSync(clockFile, `${ahead}`);
    },
    async reset() {
      await fetch(`${endpoint}/_ministack/reset`, { method: 'POST' });
    },
    async stop() {
      const ended = new Promise((done) => server.once('exit', done));
      server.stdin?.end();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function untilReady(endpoint: string, server: ChildProcess) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) break;
    const ready = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (ready?.ok) return;
    await sleep(25);
  }
  server.kill();
  throw new Error(`the local AWS did not start (exit code ${server.exitCode})`);
}
