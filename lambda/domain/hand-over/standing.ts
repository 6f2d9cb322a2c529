import type { StandingWord } from '../../payloads.ts';
import { KeysError, reasonOf } from '../errors.ts';
import { HOUR } from '../key-state.ts';
import type { ServiceDeployment } from '../ports.ts';

/** What ECS tells of a service. */
export interface ServiceSight {
  /** When each of its running tasks was created. */
  readonly tasks: readonly Date[];
  /** Newest first. */
  readonly deployments: readonly ServiceDeployment[];
}

/** Whether a service runs with the current key. */
export interface Standing {
  readonly word: StandingWord;
  /** Of the words that call for a look: ECS's own reason. */
  readonly why?: string;
}

/** By `cluster/service`. */
export type Standings = ReadonlyMap<string, Standing>;

/** A deployment takes minutes; one that runs longer never becomes steady by itself. */
const STEADY_WITHIN = HOUR;
/** By which the clocks of ECS and of whoever wrote down the promotion may differ. */
export const SKEW = 60_000;

/**
 * The tasks are the truth: a task reads the key after it is created. A service without any has the
 * key, since its next task reads the current one.
 */
export function standingOf(sight: ServiceSight | KeysError, since: Date, now: Date): Standing {
  if (sight instanceof KeysError) {
    const word = sight.code === 'SERVICE_NOT_FOUND' ? 'not found' : 'unknown';
    return { word, why: reasonOf(sight) };
  }
  if (sight.tasks.every((created) => created >= since)) return { word: 'has it' };
  const [latest] = sight.deployments.filter((deployment) => isOfPromotion(deployment, since));
  if (!latest) return { word: 'still on the previous key' };
  const { createdAt, progress, told } = latest;
  const began = `the deployment that began at ${createdAt.toISOString()}`;
  if (progress === 'failed') return { word: 'failed', why: `${began} failed (${told})` };
  if (now.getTime() - createdAt.getTime() < STEADY_WITHIN) return { word: 'restarting' };
  return { word: 'failed', why: `${began} is not steady after an hour (${told})` };
}

/** One that ended well just before the promotion left its tasks with the previous key. */
function isOfPromotion({ createdAt, progress }: ServiceDeployment, since: Date): boolean {
  const begins = since.getTime() - (progress === 'successful' ? 0 : SKEW);
  return createdAt.getTime() >= begins;
}

/** Services that may still run with a replaced key: its retention doesn't end under them. */
export const stragglersIn = (standings: Standings): readonly string[] =>
  [...standings]
    .filter(([, { word }]) => word !== 'has it' && word !== 'not found')
    .map(([name]) => name)
    .sort();
