import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { readonly type: 'major' }) => void;

/** How much more of the heap is in use after the work than before, its garbage included. */
export async function heapGrowth<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly mb: number }> {
  // All of it: what is left of earlier work would be collected meanwhile, and hide as much
  collect({ type: 'major' });
  const before = used();
  const result = await work();
  return { result, mb: Math.max(0, used() - before) / 2 ** 20 };
}

/** Buffers lie beside the heap. */
function used(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
