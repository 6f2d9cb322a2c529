import { DAY } from '../../key-state.ts';
import { addressOf, isPerson, type RecordedCall } from '../call.ts';
import { type Case, POLICY_CHANGES } from '../rules.ts';
import { bounded, dayOf } from './traits.ts';
import { isOurs, type Weighing } from './use.ts';

/** What may be part of a sequence. */
export type StepKind = 'list' | 'look' | 'read' | 'trail' | 'policy' | 'login';

export interface Step {
  readonly kind: StepKind;
  /** Milliseconds; CloudTrail's times are whole seconds. */
  readonly at: number;
  /** Of a read its network, or `NEAR`; of a change AWS's name of the call. */
  readonly detail: string;
}

/** In place of a network: through AWS, or from a range of our own. It is never new. */
export const NEAR = 'near';

/** After these CloudTrail may see less. */
const BLINDING = ['StopLogging', 'DeleteTrail', 'PutEventSelectors', 'UpdateTrail'];

/** The step that an event is, if it is one; what AWS refused is none. */
export function stepOf(found: Case, weighing: Weighing): Step | undefined {
  const { call, subject } = found;
  if (call.error) return undefined;
  const step = (kind: StepKind, detail = '-'): Step => ({ kind, at: secondOf(call), detail });
  switch (subject.of) {
    case 'read':
      return step('read', whereFrom(found, weighing));
    case 'list':
    case 'look':
      return step(subject.of);
    case 'trail':
      return BLINDING.includes(call.name) ? step('trail', call.name) : undefined;
    case 'secret':
    case 'cmk':
      return POLICY_CHANGES.includes(call.name) ? step('policy', call.name) : undefined;
    case 'sign-in':
      return isSignInWithoutMfa(call) ? step('login') : undefined;
  }
}

/** Of a sign-in by SAML AWS knows no MFA. */
export const isSignInWithoutMfa = (call: RecordedCall) =>
  !call.error && !call.signInFailed && isPerson(call) && call.mfa === 'no';

const secondOf = ({ at }: RecordedCall) => Math.floor(at.getTime() / 1_000) * 1_000;

function whereFrom(found: Case, weighing: Weighing): string {
  const address = addressOf(found.call);
  if (address === undefined || isOurs(found, weighing)) return NEAR;
  return bounded(weighing.ranges.networkOf(address) ?? address);
}

/** `read tb5k2o 198.51.100.0/24`, as it is remembered. */
export const stepText = ({ kind, at, detail }: Step) =>
  `${kind} ${(at / 1_000).toString(36)} ${detail}`;

export function stepIn(text: string): Step | undefined {
  const [kind = '', second = '', detail = ''] = text.split(' ');
  if (!KINDS.includes(kind)) return undefined;
  return { kind: kind as StepKind, at: Number.parseInt(second, 36) * 1_000, detail };
}

const KINDS: readonly string[] = ['list', 'look', 'read', 'trail', 'policy', 'login'];

export const hasReadSince = (texts: readonly string[], since: Date) =>
  texts.some((text) => {
    const step = stepIn(text);
    return step?.kind === 'read' && step.at >= since.getTime();
  });

/** That a key was read on a day: kept among the steps, which all that run at once see. */
export const keyText = (key: string, day: number) => `key ${day.toString(36)} ${key}`;

/** The traits of the keys that were read on a day. */
export const keysOn = (steps: readonly string[], day: number) =>
  steps
    .filter((text) => text.startsWith(keyText('', day)))
    .map((text) => `key ${text.slice(keyText('', day).length)}`);

/** Longer than an event waits in the queue. */
const KEPT_MS = 5 * DAY;
/** A reader who always comes from the same place can't push out what came from another. */
const MOST_ALIKE = 8;
const MOST_OF_KIND = 64;
const MOST_KEYS = 256;

/** The steps that are worth keeping, newest first. */
export function keptSteps(texts: readonly string[], now: Date): string[] {
  const isYoung = ({ at }: Step) => now.getTime() - at <= KEPT_MS;
  const steps = texts
    .flatMap((text) => stepIn(text) ?? [])
    .filter(isYoung)
    .sort((one, other) => other.at - one.at);
  const apart = Map.groupBy(steps, ({ kind, detail }) => `${kind} ${detail}`);
  const few = [...apart.values()].flatMap((alike) => alike.slice(0, MOST_ALIKE));
  const kinds = Map.groupBy(few, ({ kind }) => kind);
  const kept = [...kinds.values()].flatMap((some) =>
    some.sort((one, other) => other.at - one.at).slice(0, MOST_OF_KIND),
  );
  const days = [dayOf(now), dayOf(now) - 1];
  const keys = days.flatMap((day) => texts.filter((text) => text.startsWith(keyText('', day))));
  return [...kept.map(stepText), ...keys.slice(0, MOST_KEYS)];
}
