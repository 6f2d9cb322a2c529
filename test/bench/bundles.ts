import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import { ALL_PARTS, type FunctionNoun, nounsOf } from '../../lambda/contract.ts';
import { BUNDLING, bundle } from '../../lib/bundle.ts';
import type { Part, Row } from './measurement.ts';

/** Ways to bundle one function. */
export type Variant =
  | 'deployed'
  | 'deployed by defaults'
  | 'sdk alone'
  | 'sdk alone by defaults'
  | 'sdk not bundled';

/** Of esbuild for Node, which CDK's NodejsFunction leaves as they are. */
const DEFAULTS = { mainFields: ['main', 'module'], external: [] };

const entry = (noun: FunctionNoun) => ({ entryPoints: [`lambda/handlers/${noun}.ts`] });

export function bundled(noun: FunctionNoun, variant: Variant): Uint8Array {
  if (variant === 'deployed') return bundle(noun, '');
  if (variant === 'deployed by defaults') return build({ ...entry(noun), ...DEFAULTS });
  if (variant === 'sdk alone') return build({ stdin: sdkAlone(noun) });
  if (variant === 'sdk alone by defaults') return build({ stdin: sdkAlone(noun), ...DEFAULTS });
  return build({ ...entry(noun), external: ['@aws-sdk/*', '@smithy/*'] });
}

/** Nothing but what the function imports of the SDK: its clients and the commands it sends. */
function sdkAlone(noun: FunctionNoun) {
  const own = build({ ...entry(noun), packages: 'external', format: 'esm', minify: false });
  const imports = Buffer.from(own)
    .toString()
    .matchAll(/^import (\{[^}]+\} from "@aws-sdk\/[^"]+";)$/gm);
  const contents = [...imports].map(([, what]) => `export ${what}`).join('\n');
  return { contents, resolveDir: BUNDLING.absWorkingDir };
}

function build(options: BuildOptions): Uint8Array {
  const { outputFiles } = buildSync({ ...BUNDLING, ...options, write: false });
  return outputFiles?.[0]?.contents ?? new Uint8Array();
}

/** A folder of bundles, for as long as the work takes. */
export async function withBundles<Result>(
  noun: FunctionNoun,
  variants: readonly Variant[],
  work: (files: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'amplitude-keys-bench-'));
  try {
    const files = variants.map((variant, at) => {
      const file = join(folder, `${at}.cjs`);
      writeFileSync(file, bundled(noun, variant));
      return file;
    });
    return await work(files);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const bundles: Part = {
  name: 'bundles',
  about: 'Size of each function, minified',
  async measure({ progress }) {
    return nounsOf(ALL_PARTS).flatMap((noun) => {
      progress(noun);
      const size = (variant: Variant) => Math.round(bundled(noun, variant).length / 1000);
      const row = (what: string, peer: Variant): Row => ({
        what: noun,
        measured: size('deployed'),
        unit: 'KB',
        peer: { what, measured: size(peer) },
      });
      return [
        row('its SDK clients alone', 'sdk alone'),
        row("bundled by esbuild's defaults", 'deployed by defaults'),
      ];
    });
  },
};
