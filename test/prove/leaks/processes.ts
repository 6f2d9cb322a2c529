import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AmplitudeStandIn } from '../../amplitude.ts';
import type { ProofOptions } from '../proof.ts';
import { ANSWERS, type Answers, echoingAws } from './echoing-aws.ts';
import { filesIn, withFolder } from './folder.ts';
import type { Outputs } from './outputs.ts';

const root = join(import.meta.dirname, '../../..');
const CONFIGURATION = 'environments.mjs';
const STAGE = ['stage', '--env', 'dev', '--name', 'web, next'];
const LINES: readonly (readonly string[])[] = [
  STAGE,
  [...STAGE, '--json'],
  ['which'],
  ['revoke', '--env', 'dev', '--reason', 'leaked', '--report', 'report.md'],
];

/** Runs keyctl as a process of its own, a key on its stdin, against an AWS that repeats what it is sent. */
export async function searchProcesses(
  outputs: Outputs,
  { size, progress }: ProofOptions,
): Promise<void> {
  const short = size === 'short';
  for (const answers of short ? ANSWERS.slice(0, 1) : ANSWERS) {
    for (const args of short ? LINES.slice(0, 1) : LINES) {
      progress(`keyctl ${args[0]}, AWS answers with ${answers}`);
      await searchOne(outputs, args, answers);
    }
  }
}

async function searchOne(outputs: Outputs, args: readonly string[], answers: Answers) {
  const amplitude = await AmplitudeStandIn.start();
  const aws = await echoingAws(answers);
  const key = outputs.canaries.key('piped into a process');
  amplitude.generate(key);
  try {
    await withFolder(async (folder) => {
      const where = `the process keyctl ${args[0]}, AWS answers with ${answers}`;
      const configuration = await writeConfiguration(folder, amplitude);
      const line = [join(root, 'bin/keyctl.ts'), '--config', configuration, ...args];
      const env = await environmentOf(folder, aws.url);
      outputs.search('processes', where, { line, env });
      const { stdout, stderr } = await started(line, { cwd: folder, env }, `${key}\n`);
      outputs.search('stdout', where, stdout);
      outputs.search('stderr', where, stderr);
      const left = (await filesIn(folder)).filter(({ name }) => name !== CONFIGURATION);
      outputs.search('temporary_files', where, { left });
    });
  } finally {
    await amplitude.stop();
    await aws.stop();
  }
}

/** All that it may write to by itself is in the folder. */
async function environmentOf(folder: string, url: string): Promise<Record<string, string>> {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    TMPDIR: temporary,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

async function writeConfiguration(folder: string, { endpoints }: AmplitudeStandIn) {
  const amplitude = { organization: 'acme', projectId: '100001', dataResidency: 'US', endpoints };
  const web = { kind: 'ingestion', audience: 'server', owner: 'growth', purpose: 'Events' };
  const environments = { dev: { region: 'us-east-1', amplitude, keys: { web } } };
  const file = join(folder, CONFIGURATION);
  await writeFile(file, `export const environments = ${JSON.stringify(environments)};\n`);
  return file;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node to its end. */
export async function started(
  line: readonly string[],
  options: { readonly cwd: string; readonly env: Record<string, string> },
  input = '',
): Promise<Ended> {
  const child = spawn(process.execPath, line, options);
  child.stdin.on('error', () => {}).end(input);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ]);
  return { code, stdout, stderr };
}
