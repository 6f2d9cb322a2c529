import type { StandingWord } from '../../payloads.ts';
import { KeysError, reasonOf } from '../errors.ts';
import { HOUR } from '../key-state.ts';
import type { ServiceDeployment, ServiceTask } from '../ports.ts';

/** What ECS tells of a service. */
export interface ServiceSight {
  readonly tasks: readonly ServiceTask[];
  /** Newest first. */
  readonly deployments: readonly ServiceDeployment[];
}

/** Whether a service runs with the current key. */
export interface Standing {
  readonly word: StandingWord;
  /** Of the words that call for a look: ECS's own reason. */
  readonly why?: string;
  /** None of its tasks has the previous key: none has started since its deployment began. */
  readonly idle?: true;
}

/** By `cluster/service`. */
export type Standings = ReadonlyMap<string, Standing>;

/** A deployment takes minutes; one that runs longer never becomes steady by itself. */
const STEADY_WITHIN = HOUR;
/** By which the clocks of ECS and of whoever wrote down the promotion may differ. */
export const SKEW = 60_000;

/**
 * The tasks are the truth: a task reads the key after it is created. A service without any has the
 * key, since its next task reads the current one; unless a deployment is still trying to start some.
 */
export function standingOf(sight: ServiceSight | KeysError, since: Date, now: Date): Standing {
  if (sight instanceof KeysError) {
    const word = sight.code === 'SERVICE_NOT_FOUND' ? 'not found' : 'unknown';
    return { word, why: reasonOf(sight) };
  }
  const { tasks } = sight;
  const isBehind = tasks.some(({ createdAt }) => createdAt < since);
  const deployments = sight.deployments.filter((deployment) => isOfPromotion(deployment, since));
  const [latest] = deployments;
  const hasStarted = [...tasks.map(({ runs }) => runs), ...deployments.map(isSuccessful)];
  if (!isBehind && (!latest || hasStarted.includes(true))) return { word: 'has it' };
  if (!latest) return { word: 'still on the previous key' };
  return { ...progressOf(latest, now), ...(isBehind ? {} : { idle: true }) };
}

const isSuccessful = ({ progress }: ServiceDeployment) => progress === 'successful';

function progressOf({ createdAt, progress, told }: ServiceDeployment, now: Date): Standing {
  const began = `the deployment that began at ${createdAt.toISOString()}`;
  if (progress === 'failed') return { word: 'failed', why: `${began} failed (${told})` };
  if (now.getTime() - createdAt.getTime() < STEADY_WITHIN) return { word: 'restarting' };
  return { word: 'failed', why: `${began} is not steady after an hour (${told})` };
}

/** One that ended well just before the promotion left its tasks with the previous key. */
export function isOfPromotion({ createdAt, progress }: ServiceDeployment, since: Date): boolean {
  const begins = since.getTime() - (progress === 'successful' ? 0 : SKEW);
  return createdAt.getTime() >= begins;
}

/** Services that may still run with a replaced key: its retention doesn't end under them. */
export const stragglersIn = (standings: Standings): readonly string[] =>
  [...standings]
    .filter(([, { word, idle }]) => word !== 'has it' && word !== 'not found' && !idle)
    .map(([name]) => name)
    .sort();
