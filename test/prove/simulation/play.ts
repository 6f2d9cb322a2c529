import { perform, type Settings } from './perform.ts';
import { Broken, Scene } from './scene.ts';
import { Schedule } from './service.ts';
import { settle } from './settle.ts';
import type { Step } from './step.ts';
import type { Script } from './steps.ts';
import type { Tally } from './tally.ts';

const YEAR = 365.25 * 86_400_000;

export interface Played {
  readonly years: number;
  /** Steps that were played. */
  readonly steps: readonly Step[];
  readonly tally: Tally;
  /** The first promise that didn't hold. */
  readonly broken?: { readonly promise: string; readonly how: string };
}

/** Plays until the steps or the years are over, and then has an attentive operator settle it. */
export async function play(
  { setting, steps }: Script,
  years: number,
  isSettled = true,
): Promise<Played> {
  const scene = await Scene.open(setting);
  const settings: Settings = { ...setting };
  const playing = { scene, schedule: new Schedule(scene), settings };
  const start = scene.now;
  const played: Step[] = [];
  const passed = () => (scene.now - start) / YEAR;
  try {
    for (const step of steps) {
      if (passed() >= years) break;
      played.push(step);
      scene.tally.add(`step: ${step.do}`);
      await perform(playing, step);
    }
    if (isSettled) await settle(playing);
    return { years: passed(), steps: played, tally: scene.tally };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    const broken = { promise: error.promise, how: error.message };
    return { years: passed(), steps: played, tally: scene.tally, broken };
  } finally {
    await scene.close();
  }
}
