import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';
import type { Fault } from './config-faults.ts';

/** Names that the file writes twice in one pair of braces: JavaScript silently keeps the later one. */
export async function duplicateFaults(path: string): Promise<Fault[]> {
  const source = await readFile(path, 'utf8');
  const { warnings } = await transform(source, { loader: 'ts', logLevel: 'silent' });
  return warnings
    .filter(({ id }) => id === 'duplicate-object-key')
    .map(({ text, location, notes: [first] }) => ({
      path: `line ${location?.line}`,
      message: `${/"(.*)"/.exec(text)?.[0]} is written twice, first on line ${first?.location?.line}; the later would replace it`,
    }));
}
