import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { type AssetCode, Code, type Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';
import { ALL_PARTS, type FunctionNoun, nounsOf } from '../lambda/contract.ts';

const root = join(import.meta.dirname, '..');
const handlers = join('lambda', 'handlers');

/**
 * Imported by the SDK when it has found no credentials in the environment, where Lambda puts them.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
const OTHER_CREDENTIALS = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/** How a handler becomes one small file with the SDK in it. `npm run bench` measures it. */
export const BUNDLING = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minify: true,
  // The SDK's ES modules first: what isn't used can be left out of these alone.
  mainFields: ['module', 'main'],
  external: OTHER_CREDENTIALS,
} satisfies BuildOptions;

/** The bundle of a function; `footer` is put at its end. */
export function bundledCode(noun: FunctionNoun, footer: string, runtime: Runtime): AssetCode {
  const local = {
    tryBundle(folder: string): boolean {
      writeFileSync(join(folder, 'index.js'), bundle(noun, footer));
      return true;
    },
  };
  return Code.fromAsset(join(root, handlers), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: { image: runtime.bundlingImage, command: [noun, footer], local },
  });
}

const bundles = new Map<string, ReadonlyMap<string, Uint8Array>>();

export function bundle(noun: FunctionNoun, footer: string): Uint8Array {
  const built = bundles.get(footer) ?? bundleAll(footer);
  bundles.set(footer, built);
  return built.get(noun) as Uint8Array;
}

/** All at once: they share most of their sources, and environments share the bundles. */
function bundleAll(footer: string): ReadonlyMap<string, Uint8Array> {
  const entryPoints = nounsOf(ALL_PARTS).map((noun) => join(handlers, `${noun}.ts`));
  const { outputFiles } = buildSync({
    ...BUNDLING,
    entryPoints,
    outdir: root,
    footer: { js: footer },
    write: false,
  });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path, '.js'), contents]));
}
