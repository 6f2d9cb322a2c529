import { type Played, play } from './play.ts';
import { SETTLES } from './settle.ts';
import type { Step } from './step.ts';
import type { Script } from './steps.ts';

/**
 * Leaves out what isn't needed to break the same promise: first long stretches, then single steps;
 * then shortens the pauses. fast-check's own shrinking of a list of hundreds of steps would play ten
 * years for every few of them.
 */
export async function shrink(script: Script, found: Played, until: () => boolean): Promise<Played> {
  let best = found;
  const promise = found.broken?.promise;
  const isSettled = promise === SETTLES;
  const attempt = async (steps: readonly Step[]) => {
    const played = await play({ ...script, steps }, Number.POSITIVE_INFINITY, isSettled);
    if (played.broken?.promise !== promise) return false;
    best = played;
    return true;
  };
  for (let size = Math.ceil(best.steps.length / 2); size >= 1 && !until(); ) {
    const before = best.steps.length;
    for (let at = best.steps.length - size; at > -size && !until(); at -= size) {
      const from = Math.max(0, at);
      await attempt([...best.steps.slice(0, from), ...best.steps.slice(from + size)]);
    }
    if (size > 1) size = Math.floor(size / 2);
    else if (best.steps.length === before) break;
  }
  for (let at = 0; at < best.steps.length && !until(); at += 1)
    await shorten(best.steps, at, attempt);
  return best;
}

async function shorten(
  steps: readonly Step[],
  at: number,
  attempt: (steps: readonly Step[]) => Promise<boolean>,
) {
  const step = steps[at];
  if (step?.do !== 'wait') return;
  for (const hours of [1, 8, 24, 48, 168, 720]) {
    if (hours >= step.hours) return;
    const sweeps = hours < 24 ? 'hourly' : step.sweeps;
    const shorter: Step = { ...step, hours, sweeps: step.sweeps === 'none' ? 'none' : sweeps };
    if (await attempt(steps.toSpliced(at, 1, shorter))) return;
  }
}
