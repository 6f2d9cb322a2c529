import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { byFingerprint, type Known } from '../../bin/scan/key-search.ts';
import type { KnownKeys } from '../../bin/scan/known-keys.ts';
import { repositoryAt } from '../../bin/scan/repository.ts';
import { saveKeys } from '../../bin/scan/saved-keys.ts';
import { scan as scanTree } from '../../bin/scan/scan.ts';
import { searchHistory } from '../../bin/scan/search-history.ts';
import { fingerprintOf } from '../../lambda/domain/secret-value.ts';
import { type LargeTree, makeLargeTree } from './large-tree.ts';
import { median, type Options, type Part, pairedRatio, type Row } from './measurement.ts';

const RUNS = 5;
const SEED = 90;
const STAGED = 20;
const SIZE = { files: 20_000, bytes: 25_000, commits: 100, changed: 50 };
const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

/** In one file and one commit: a search that doesn't find it isn't measured. */
const KEY = '0f1e2d3c'.repeat(4);
const PLACE = 'folder-7/file-7.ts';
const KEYS: KnownKeys = {
  environments: ['prod'],
  at: new Date(),
  keys: [
    {
      fingerprint: fingerprintOf(KEY),
      environment: 'prod',
      key: 'web',
      audience: 'server',
      state: 'current',
    },
  ],
  gaps: [],
};

/** As close as git comes: it tells which files hold such a word, not whether it is a key. */
const WORD = '(?<![0-9a-fA-F])[0-9a-fA-F]{32}(?![0-9a-fA-F])';
const GREP = ['grep', '--count', '-P', WORD];
/** What git takes to hand all contents over, to nobody. */
const CONTENTS = ['cat-file', '--batch', '--batch-all-objects', '--unordered', '--buffer'];

interface Searched {
  readonly count: number;
  readonly bytes: number;
}

async function timed<Result>(work: () => Promise<Result>) {
  const begun = performance.now();
  const result = await work();
  return { seconds: (performance.now() - begun) / 1000, result };
}

async function files(folder: string, known: Known): Promise<Searched> {
  const options = { staged: false, history: false, ignored: false };
  const { files: searched } = await scanTree({ folder }, known, options, () => () => {});
  if (searched?.finds.length !== 1) throw new Error(`The key in ${PLACE} was not found.`);
  return searched;
}

async function history(cwd: string, known: Known): Promise<Searched> {
  const repository = await repositoryAt({ cwd });
  if (!repository) throw new Error(`There is no repository in ${cwd}.`);
  const searched = await searchHistory(repository, known, () => {});
  if (searched.finds.length !== 1) throw new Error('The key in the history was not found.');
  return searched;
}

async function git(cwd: string, args: readonly string[]): Promise<void> {
  const child = spawn('git', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`git ${args[0]} ended with ${code}`);
}

/** The whole command: as a pre-commit hook runs it, or only its start. */
async function keyctl(args: readonly string[]): Promise<void> {
  await run(process.execPath, [join(root, 'bin', 'keyctl.ts'), ...args]);
}

/** Leaves the key in a file and in a commit, and twenty files staged. */
async function plant({ path }: LargeTree): Promise<string> {
  const write = (name: string, more: string) => appendFile(join(path, name), more);
  await write(PLACE, `\nconst key = '${KEY}';\n`);
  const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  await git(path, [...identity, 'commit', '--quiet', '--all', '-m', 'Key']);
  for (let file = 0; file < STAGED; file += 1) {
    await write(`folder-${100 + file}/file-${100 + file}.ts`, '\n// staged\n');
  }
  await git(path, ['add', '--all']);
  const saved = join(path, '.git', 'fingerprints.json');
  await saveKeys(saved, KEYS);
  return saved;
}

/** In turn, so that both meet the same load of the machine; the first round only fills caches. */
async function inTurn<Result>(
  { runs = RUNS, progress }: Options,
  what: string,
  own: () => Promise<Result>,
  peer: () => Promise<void>,
) {
  const taken: Taken<Result>[] = [];
  for (let round = 0; round <= runs; round += 1) {
    progress(`${what}, ${round} of ${runs}`);
    const [ours, theirs] = [await timed(own), await timed(peer)];
    if (round > 0) taken.push({ ours: ours.seconds, theirs: theirs.seconds, result: ours.result });
  }
  return taken;
}

interface Taken<Result> {
  readonly ours: number;
  readonly theirs: number;
  readonly result: Result;
}

/** `20,000 files, 503 MB, 250 MB/s, 10,000 files/s` */
function speed(noun: string, { count, bytes }: Searched, seconds: number): string {
  const whole = (number: number) => Math.round(number).toLocaleString('en');
  const megabytes = bytes / 1_000_000;
  return `${whole(count)} ${noun}, ${whole(megabytes)} MB: ${whole(megabytes / seconds)} MB/s, ${whole(count / seconds)} ${noun}/s`;
}

function row(what: string, peer: string, taken: readonly Taken<unknown>[]): Row {
  const ours = taken.map((one) => one.ours);
  const theirs = taken.map((one) => one.theirs);
  return {
    what,
    measured: median(ours),
    unit: 's',
    peer: { what: peer, measured: median(theirs) },
    ratio: pairedRatio(ours, theirs),
  };
}

async function measureIn(tree: LargeTree, options: Options): Promise<readonly Row[]> {
  const { path } = tree;
  const known = byFingerprint(KEYS.keys);
  options.progress('planting a key');
  const saved = await plant(tree);
  const inFiles = await inTurn(
    options,
    'files',
    () => files(path, known),
    () => git(path, GREP),
  );
  const inHistory = await inTurn(
    options,
    'history',
    () => history(path, known),
    () => git(path, CONTENTS),
  );
  const inHook = await inTurn(
    options,
    'hook',
    () => keyctl(['scan', '--staged', '--fingerprints', saved, path]),
    () => keyctl(['--help']),
  );
  const told = (noun: string, taken: readonly Taken<Searched>[]) =>
    speed(noun, taken[0]?.result ?? { count: 0, bytes: 0 }, median(taken.map(({ ours }) => ours)));
  const grep = 'git grep -P of 32 hex digits';
  const contents = 'git cat-file of all contents, to nobody';
  return [
    { ...row(told('files', inFiles), grep, inFiles), bar: { ratio: 1 } },
    { ...row(told('objects', inHistory), contents, inHistory), bar: { ratio: 1.2 } },
    row(`hook of a commit of ${STAGED} files`, 'keyctl --help', inHook),
  ];
}

async function measure(options: Options): Promise<readonly Row[]> {
  options.progress(`making ${SIZE.files} files and ${SIZE.commits} commits`);
  const tree = await makeLargeTree(SIZE, SEED);
  try {
    return await measureIn(tree, options);
  } finally {
    tree.remove();
  }
}

export const scan: Part = {
  name: 'scan',
  about: 'keyctl scan of a large tree, median',
  measure,
};
