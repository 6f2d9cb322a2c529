import type { ModelCall } from './ports.ts';

export type CallsByTrace = ReadonlyMap<string, readonly ModelCall[]>;

/** Of clocks of several processes. */
const TOLERANCE_MS = 1_000;

/**
 * Models whose calls ended while an execution ran. A trace alone doesn't tell them apart: whoever
 * calls Dify's API may give several runs one trace, and a run that is another's tool is in its trace.
 * @param execution times of 0 are unknown, and then any time is as good; of a call likewise
 */
export function modelsDuring(
  { startedMs, endedMs }: { readonly startedMs: number; readonly endedMs: number },
  calls: readonly ModelCall[],
): string[] {
  const isKnown = startedMs > 0 && endedMs > 0;
  return calls
    .filter(
      (call) =>
        !isKnown ||
        call.endedMs === 0 ||
        (call.endedMs >= startedMs - TOLERANCE_MS && call.endedMs <= endedMs + TOLERANCE_MS),
    )
    .map(({ model }) => model);
}

/** Of one execution; one with more is somebody's mistake, and a message of the queue has 1 MiB. */
const MOST_MODELS = 20;

/** Each once, in alphabetical order. */
export const distinct = (models: readonly string[]) =>
  [...new Set(models)].sort().slice(0, MOST_MODELS);

/** Several models that answered one execution are told in one property. */
export const modelsTold = (models: readonly string[]) => distinct(models).join(', ');
