import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesIn, withFolder } from './folder.ts';
import type { Outputs } from './outputs.ts';
import { type Ended, started } from './processes.ts';
import { searchTemplate } from './template.ts';

const root = join(import.meta.dirname, '../../..');

/** `cdk synth` of all environments, by somebody who has a key in his environment, and one with a key in the file. */
export async function searchSynthesis(outputs: Outputs): Promise<void> {
  const key = outputs.canaries.key('in the environment of whoever deploys');
  await withFolder(async (folder) => {
    const where = 'cdk synth of all environments';
    const temporary = join(folder, 'tmp');
    await mkdir(temporary);
    const ended = await synth(join(folder, 'cdk.out'), [], {
      TMPDIR: temporary,
      SECRET_AMPLITUDE_API_KEY: key,
      AMPLITUDE_API_KEY: key,
    });
    if (ended.code !== 0) throw new Error(`cdk synth ended with ${ended.code}`);
    searchPrinted(outputs, where, ended);
    outputs.search('temporary_files', where, { left: await filesIn(temporary) });
    const files = await filesIn(join(folder, 'cdk.out'));
    for (const { name, text } of files) {
      outputs.search('assets', where, `${name}\n${text}`);
      if (!name.endsWith('.template.json') || name.includes('/')) continue;
      searchTemplate(outputs, where, JSON.parse(text));
    }
  });
  await searchRefused(outputs);
}

async function searchRefused(outputs: Outputs): Promise<void> {
  const key = outputs.canaries.key('in the file of whoever deploys');
  await withFolder(async (folder) => {
    const file = join(folder, 'environments.mjs');
    await writeFile(file, `export const environments = { dev: { '${key}': a${key} } };`);
    const out = join(folder, 'cdk.out');
    const where = 'cdk synth of a file with a key in it';
    searchPrinted(outputs, where, await synth(out, ['--context', `environments=${file}`], {}));
  });
}

function searchPrinted(outputs: Outputs, where: string, { stdout, stderr }: Ended): void {
  outputs.search('configuration_faults', where, `${stdout}\n${stderr}`);
}

async function synth(output: string, args: readonly string[], variables: Record<string, string>) {
  const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');
  const line = [cdk, 'synth', '--quiet', '--output', output, ...args];
  const env = {
    ...variables,
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    CI: 'true',
  };
  return started(line, { cwd: root, env });
}
