import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { BUNDLING } from '../../lib/bundle.ts';
import { median, type Options, type Part, type Row } from './measurement.ts';

const RUNS = 5;
const root = BUNDLING.absWorkingDir;
const bin = join(root, 'node_modules', '.bin');
const run = promisify(execFile);

/** Each leaves one thing out that the one before it does. */
const STAGES = ['all', 'no validation', 'no bundling', 'no app'] as const;
type Stage = (typeof STAGES)[number];

/** `cdk list` synthesizes all the same, and bundles nothing. */
const COMMANDS: Readonly<Record<Stage, readonly string[]>> = {
  all: ['synth', '--quiet'],
  'no validation': ['synth', '--quiet'],
  'no bundling': ['list'],
  'no app': ['--version'],
};

async function timeOf(stage: Stage, output: string): Promise<number> {
  const validation = stage === 'all' ? {} : { CDK_VALIDATION: 'false' };
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, ...validation };
  const begun = performance.now();
  await run('cdk', [...COMMANDS[stage], '--output', output], { cwd: root, env });
  return (performance.now() - begun) / 1000;
}

async function measure({ runs = RUNS, progress }: Options): Promise<readonly Row[]> {
  const taken = new Map<Stage, number[]>(STAGES.map((stage) => [stage, []]));
  for (let round = 0; round <= runs; round += 1) {
    for (const stage of STAGES) {
      progress(`${stage}, ${round} of ${runs}`);
      const output = mkdtempSync(join(tmpdir(), 'amplitude-keys-synth-'));
      const seconds = await timeOf(stage, output);
      rmSync(output, { recursive: true });
      // The first round only fills the disk's cache.
      if (round > 0) taken.get(stage)?.push(seconds);
    }
  }
  return rowsOf((stage) => taken.get(stage) ?? []);
}

function rowsOf(of: (stage: Stage) => readonly number[]): readonly Row[] {
  const all = median(of('all'));
  const part = (what: string, whole: Stage, without: Stage): Row => {
    const measured = median(of(whole).map((seconds, at) => seconds - (of(without)[at] ?? 0)));
    return { what: `of it, ${what}`, measured, unit: 's', peer: { what: 'all', measured: all } };
  };
  return [
    { what: 'cdk synth, all environments', measured: all, unit: 's', bar: { most: 2 } },
    part("CDK's validation", 'all', 'no validation'),
    part('bundling', 'no validation', 'no bundling'),
    part('the app and its rules', 'no bundling', 'no app'),
    {
      what: 'of it, the cdk command itself',
      measured: median(of('no app')),
      unit: 's',
      peer: { what: 'all', measured: all },
    },
  ];
}

export const synth: Part = {
  name: 'synth',
  about: 'cdk synth of all environments, median',
  measure,
};
