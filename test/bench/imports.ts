import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ALL_PARTS, type FunctionNoun, nounsOf } from '../../lambda/contract.ts';
import { BUNDLING } from '../../lib/bundle.ts';
import { type Variant, withBundles } from './bundles.ts';
import { type Bar, median, type Options, type Part, pairedRatio, type Row } from './measurement.ts';

const RUNS = 21;
const MEASURED: readonly Variant[] = [
  'deployed',
  'sdk alone',
  'sdk not bundled',
  'sdk alone by defaults',
];
const packages = join(BUNDLING.absWorkingDir, 'node_modules');
const node = join(packages, '.bin', 'node');
const run = promisify(execFile);

const TIMED =
  'const begun = performance.now(); require(process.argv[1]); process.stdout.write(String(performance.now() - begun));';

/** Milliseconds that `require` takes in a fresh process. */
async function importTime(file: string): Promise<number> {
  // As on Lambda, which has the SDK there; no cache of compiled code is used there either.
  const env = { NODE_PATH: packages };
  const { stdout } = await run(node, ['-e', TIMED, file], { env });
  return Number(stdout);
}

/** The variants in turn, so that each run of one has a run of the others beside it. */
async function times(noun: FunctionNoun, runs: number, progress: Options['progress']) {
  return withBundles(noun, MEASURED, async (files) => {
    const taken: number[][] = files.map(() => []);
    for (let round = 0; round <= runs; round += 1) {
      progress(`${noun}, ${round} of ${runs}`);
      for (const [at, file] of files.entries()) {
        const milliseconds = await importTime(file);
        // The first round only fills the disk's cache.
        if (round > 0) taken[at]?.push(milliseconds);
      }
    }
    return taken;
  });
}

async function measure({ runs = RUNS, progress }: Options): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const noun of nounsOf(ALL_PARTS)) {
    const [deployed = [], ...peers] = await times(noun, runs, progress);
    const row = (at: number, what: string, bar?: Bar): Row => ({
      what: noun,
      measured: median(deployed),
      unit: 'ms',
      peer: { what, measured: median(peers[at] ?? []) },
      ratio: pairedRatio(deployed, peers[at] ?? []),
      ...(bar ? { bar } : {}),
    });
    rows.push(
      row(0, 'its SDK clients alone', { ratio: 1.2 }),
      row(1, 'the SDK not bundled', { timesFaster: 2.3 }),
      row(2, "SDK alone, esbuild's defaults"),
    );
  }
  return rows;
}

export const imports: Part = {
  name: 'imports',
  about: 'Import of each function in a fresh process, median',
  measure,
};
