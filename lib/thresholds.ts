import type { FunctionNoun } from '../lambda/contract.ts';

/** Longest run of each function. Secrets Manager waits 60 s for a step, a sweep meets every key. */
export const TIMEOUT_SECONDS: Readonly<Record<FunctionNoun, number>> = {
  rotation: 60,
  lifecycle: 900,
  inspect: 60,
};
