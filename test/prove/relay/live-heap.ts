import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { readonly type: 'major' }) => void;

/** What is still in use once all garbage is collected, in MB; buffers lie beside the heap. */
export function liveHeap(): number {
  collect({ type: 'major' });
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}
