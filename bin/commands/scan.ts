import { loadEnvironments } from '../../lib/config.ts';
import type { Command, Options, Outcome } from '../keyctl/command.ts';
import type { Context } from '../keyctl/context.ts';
import { wrongUse } from '../keyctl/refusal.ts';
import { chooseEnvironment } from '../keyctl/selection.ts';
import { named } from '../operator/key-like.ts';
import { byFingerprint } from '../scan/key-search.ts';
import { askKnownKeys, type KnownKeys } from '../scan/known-keys.ts';
import { scanReport } from '../scan/report.ts';
import { readSavedKeys, saveKeys } from '../scan/saved-keys.ts';
import { type Scanned, scan as search } from '../scan/scan.ts';
import { type Target, targetAt } from '../scan/target.ts';
import { savedPage, scanPage } from '../terminal/scan-page.ts';
import { searching } from '../terminal/search-progress.ts';

export const scan: Command = {
  name: 'scan',
  group: 'Keys',
  summary: 'find keys that were pasted into a tree, in its files and its git history',
  description:
    'Compares the SHA-256 fingerprint of every 32 hex digits with those of all keys that the environments hold or held. No key leaves AWS, and none is printed. Exit code 1: something was found, or not all could be searched or compared.',
  argument: ['[dir]', 'folder or file (default: the working directory)'],
  options: [
    ['--no-history', 'files only: much faster, and the way for a shallow clone'],
    ['--staged', 'only the files that the commit being made adds or changes'],
    ['--ignored', 'folders that git ignores too, and node_modules'],
    ['--save <file>', 'writes the fingerprints to a file, and scans nothing'],
    ['--fingerprints <file>', 'compares with a file of --save, and asks nobody'],
  ],
  examples: [
    ['scan', 'the working directory and the history of its repository'],
    ['scan ../app --env prod', 'for keys of one environment'],
    ['scan --save keys.json', 'for where there are no credentials of AWS'],
    ['scan --staged --fingerprints keys.json', 'as a pre-commit hook'],
  ],
  async run(context, options) {
    refuseContradictions(options);
    const target = await targetAt(options.dir ?? '.');
    const keys = await knownKeys(context, options);
    if (options.save !== undefined) return saved(options.save, keys);
    const scanned = await scanFor(keys, target, context, options);
    const report = scanReport(keys, scanned, options.fingerprints);
    return {
      json: report,
      exitCode: report.clean ? 0 : 1,
      text: (view) => scanPage(report, view),
    };
  },
};

function refuseContradictions({ save, fingerprints, staged, ignored, dir }: Options): void {
  if (
    save !== undefined &&
    (fingerprints !== undefined || staged || ignored || dir !== undefined)
  ) {
    throw wrongUse('--save scans nothing: beside it, only --env and --key are of use.');
  }
  if (staged && ignored) throw wrongUse('What is staged is not ignored: --staged or --ignored.');
}

async function knownKeys(context: Context, options: Options): Promise<KnownKeys> {
  const { fingerprints, env, key } = options;
  if (fingerprints !== undefined) return chosen(await readSavedKeys(fingerprints), options);
  const config = await loadEnvironments(options.config);
  const asked = env === undefined ? Object.values(config) : [chooseEnvironment(config, options)];
  const having = asked.filter(
    ({ keys }) => key === undefined || keys.some(({ name }) => name === key),
  );
  if (having.length === 0)
    throw noSuchKey(
      key,
      asked.map(({ name }) => name),
    );
  return askKnownKeys(context, having, key);
}

/** Of a saved file, what --env and --key mean. */
function chosen(saved: KnownKeys, { env, key }: Options): KnownKeys {
  if (env !== undefined && !saved.environments.includes(env)) {
    throw wrongUse(
      `The file has no environment${named(env)}. It has: ${saved.environments.join(', ')}.`,
    );
  }
  const meant = (one: { readonly environment: string; readonly key?: string }) =>
    one.environment === (env ?? one.environment) && (one.key ?? key) === (key ?? one.key);
  const keys = saved.keys.filter(meant);
  if (key !== undefined && keys.length === 0) throw noSuchKey(key, saved.environments);
  const environments = env === undefined ? saved.environments : [env];
  return { ...saved, environments, keys, gaps: saved.gaps.filter(meant) };
}

const noSuchKey = (key = '', environments: readonly string[]) =>
  wrongUse(`There is no key${named(key)} in ${environments.join(', ')}.`);

async function saved(file: string, keys: KnownKeys): Promise<Outcome> {
  await saveKeys(file, keys);
  const { environments, gaps } = keys;
  return {
    json: { savedIn: file, environments, fingerprints: byFingerprint(keys.keys).size, gaps },
    exitCode: gaps.length > 0 ? 1 : 0,
    text: (view) => savedPage(file, keys, view),
  };
}

/** Without a fingerprint nothing can be found, so nothing is read. */
async function scanFor(
  { keys }: KnownKeys,
  target: Target,
  { terminal }: Context,
  { staged = false, history = true, ignored = false }: Options,
): Promise<Scanned> {
  if (keys.length === 0) return { notes: [] };
  const options = { staged, history, ignored };
  const progress = terminal.progress();
  progress.start('Scanning');
  try {
    const scanned = await search(target, byFingerprint(keys), options, searching(progress));
    progress.done('Scanned');
    return scanned;
  } catch (error) {
    progress.fail('Not scanned');
    throw error;
  }
}
