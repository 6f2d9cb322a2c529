import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A local AWS that runs: MiniStack on loopback. */
export interface LocalAws {
  readonly endpoint: string;
  /** For every program that is to use it; add it to `process.env` last. */
  readonly env: Readonly<Record<string, string>>;
  /** The time of the server, its schedules and its functions. */
  readonly clock: Clock;
  /** Forgets everything that was made in it; the clock stays where it is. */
  reset(): Promise<void>;
  /** Ends the server and the functions that it runs. */
  stop(): Promise<void>;
}

export interface Clock {
  /** For a program of Node's that is to live by it. */
  readonly env: Readonly<Record<string, string>>;
  advance(milliseconds: number): void;
  /** By how many milliseconds it is ahead. */
  offset(): number;
}

const root = resolve(import.meta.dirname, '..', '..', '..');
const venv = join(root, '.local', 'aws');
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;

/** It needs Python; `test/setup/ready.mjs` installs the rest. */
export const isLocalAwsInstalled = () => existsSync(join(venv, 'installed'));

/** With what this project adds to MiniStack. */
export const startLocalAws = () => start([]);

/** As it comes, for a second opinion; its clock can't be moved. */
export const startStockMiniStack = () => start(['stock']);

async function start(mode: readonly string[]): Promise<LocalAws> {
  const folder = mkdtempSync(join(tmpdir(), 'amplitude-keys-aws-'));
  const port = await freePort();
  const server = launch(port, folder, mode);
  const endpoint = `http://127.0.0.1:${port}`;
  await untilReady(endpoint, server, join(folder, 'log'));
  // What forgets to stop it can end all the same, and the server ends with it
  server.unref();
  return {
    endpoint,
    env: environmentFor(endpoint),
    clock: clockAt(join(folder, 'clock')),
    reset: () => reset(endpoint),
    stop: () => stop(server),
  };
}

/** Of our environment only what it needs: functions inherit it, and no AWS settings may leak in. */
function launch(port: number, folder: string, mode: readonly string[]): ChildProcess {
  const log = openSync(join(folder, 'log'), 'w');
  const launcher = join(import.meta.dirname, 'launcher.py');
  const server = spawn(join(venv, 'bin', 'python'), [launcher, `${port}`, folder, ...mode], {
    // The open standard input tells it that we live, however we end
    stdio: ['pipe', 'ignore', log],
    env: {
      // First on it npm's `node`, which is Lambda's own
      PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`,
      HOME: folder,
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  closeSync(log);
  return server;
}

async function untilReady(endpoint: string, server: ChildProcess, log: string) {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline && server.exitCode === null) {
    const ready = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (ready?.ok && server.exitCode === null) return;
    await sleep(20);
  }
  const said = existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : '';
  server.kill('SIGKILL');
  throw new Error(`The local AWS did not start (exit code ${server.exitCode}).\n${said}`);
}

/** Real credentials, profiles and endpoints of whoever runs this are out of reach. */
function environmentFor(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    // MiniStack takes twelve digits for the account
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: '',
    AWS_PROFILE: '',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function clockAt(file: string): Clock {
  let ahead = 0;
  const preload = join(import.meta.dirname, 'moved-date.cjs');
  return {
    env: { LOCAL_AWS_CLOCK: file, NODE_OPTIONS: `--require=${preload}` },
    advance(milliseconds) {
      ahead += milliseconds;
      writeFileSync(file, `${ahead / 1000}`);
    },
    offset: () => ahead,
  };
}

async function reset(endpoint: string) {
  const answer = await fetch(`${endpoint}/_ministack/reset`, { method: 'POST' });
  if (!answer.ok) throw new Error(`The local AWS did not reset: ${answer.status}`);
}

async function stop(server: ChildProcess) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.ref();
  const ended = new Promise((done) => server.once('exit', done));
  const late = setTimeout(() => server.kill('SIGKILL'), STOP_TIMEOUT_MS);
  server.stdin?.end();
  await ended;
  clearTimeout(late);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
