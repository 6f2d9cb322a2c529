import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import { FUNCTION_NOUNS, type FunctionNoun } from '../../lambda/contract.ts';
import { BUNDLING, bundle } from '../../lib/bundle.ts';
import type { Part, Row } from './measurement.ts';

/** Ways to bundle one function. */
export const VARIANTS = ['deployed', 'sdk alone', 'sdk not bundled', 'esbuild defaults'] as const;
export type Variant = (typeof VARIANTS)[number];

const entry = (noun: FunctionNoun) => ({ entryPoints: [`lambda/handlers/${noun}.ts`] });

export function bundled(noun: FunctionNoun, variant: Variant): Uint8Array {
  if (variant === 'deployed') return bundle(noun, '');
  if (variant === 'sdk alone') return build({ stdin: sdkAlone(noun) });
  if (variant === 'sdk not bundled') {
    return build({ ...entry(noun), external: ['@aws-sdk/*', '@smithy/*'] });
  }
  return build({ ...entry(noun), mainFields: ['main', 'module'], external: [] });
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
    return FUNCTION_NOUNS.flatMap((noun) => {
      progress(noun);
      const [measured = 0, ...peers] = VARIANTS.map((variant) => kilobytes(bundled(noun, variant)));
      const row = (at: number, what: string): Row => {
        return { what: noun, measured, unit: 'KB', peer: { what, measured: peers[at] ?? 0 } };
      };
      return [row(0, 'its SDK clients alone'), row(2, "by esbuild's defaults")];
    });
  },
};

const kilobytes = ({ length }: Uint8Array) => Math.round(length / 1000);
