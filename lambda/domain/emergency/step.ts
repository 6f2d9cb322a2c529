import type { PlanStep } from '../../payloads.ts';
import { reasonOf } from '../errors.ts';
import { type HandOverPorts, handOver, type Promotion } from '../hand-over/hand-over.ts';
import type { KeyDocument } from '../key-document.ts';
import type { KeyFacts } from '../key-facts.ts';
import { isReaders } from '../labels.ts';
import type { Action } from '../lifecycle/action.ts';
import type { Clock, Notice, Notifier, Secrets, StagedKeys, Trail } from '../ports.ts';
import type { Fingerprint } from '../secret-value.ts';
import type { Transition } from '../transition.ts';
import { labelsOf } from '../versions.ts';

/** What an emergency does to one key; each is safe to repeat, in this order. */
export type Act =
  | Exclude<Action, { do: 'rotate' | 'lock' | 'restart' | 'announce' }>
  | {
      readonly do: 'put';
      readonly token: string;
      readonly document: KeyDocument;
      readonly labels: readonly string[];
    }
  | { readonly do: 'unstage'; readonly fingerprint: Fingerprint }
  /** Takes off what a rotation put on the version since it was looked at. */
  | { readonly do: 'clear'; readonly versionId: string }
  /** What of it fails is left to the sweep. */
  | { readonly do: 'hand-over'; readonly facts: KeyFacts; readonly promotion: Promotion }
  | { readonly do: 'notify'; readonly notice: Notice }
  | { readonly do: 'record'; readonly transitions: readonly Transition[] };

/** One step as a person reads it, and what it is made of. */
export interface Step {
  readonly what: string;
  readonly acts: readonly Act[];
}

export interface ActPorts extends HandOverPorts {
  readonly secrets: Secrets;
  readonly stagedKeys: StagedKeys;
  readonly notifier: Notifier;
  readonly trail: Trail;
  readonly clock: Clock;
}

/** The secret that is acted on. */
export interface Target {
  readonly arn: string;
  readonly environment: string;
  readonly key: string;
}

export const planned = (steps: readonly Step[]): PlanStep[] => steps.map(({ what }) => ({ what }));

/**
 * Does one step after the other and tells when each was done. The first that fails ends it: what
 * comes after may depend on it, and the same invocation again takes it up there.
 */
export async function carryOut(
  ports: ActPorts,
  target: Target,
  steps: readonly Step[],
): Promise<PlanStep[]> {
  const done: PlanStep[] = [];
  for (const { what, acts } of steps) {
    const later: string[] = [];
    try {
      for (const act of acts) {
        if (act.do !== 'hand-over') await perform(ports, target, act);
        else later.push(...(await handOver(ports, act.facts, act.promotion)).later);
      }
      const doneAt = ports.clock.now().toISOString();
      done.push({ what, doneAt, ...(later.length > 0 ? { later: later.join(' ') } : {}) });
    } catch (error) {
      done.push({ what, failed: reasonOf(error) });
      break;
    }
  }
  return [...done, ...planned(steps.slice(done.length))];
}

async function perform(
  ports: ActPorts,
  { arn, environment, key }: Target,
  act: Exclude<Act, { do: 'hand-over' }>,
) {
  const { secrets } = ports;
  if (act.do === 'move') return secrets.moveLabel(arn, act.move);
  if (act.do === 'remember') return secrets.remember(arn, act.tag, act.value);
  if (act.do === 'forget') return secrets.forget(arn, act.tag);
  if (act.do === 'put') return secrets.putLabelled(arn, act.token, act.document, act.labels);
  if (act.do === 'clear') return clear(secrets, arn, act.versionId);
  if (act.do === 'unstage') return ports.stagedKeys.remove(environment, key, act.fingerprint);
  if (act.do === 'notify') return ports.notifier.notify(act.notice);
  return ports.trail.record(act.transitions);
}

async function clear(secrets: Secrets, arn: string, from: string): Promise<void> {
  const labels = labelsOf(await secrets.describe(arn), from).filter(isReaders);
  for (const label of labels) await secrets.moveLabel(arn, { label, from });
}

/** Whether all of it was done. */
export const isDone = (steps: readonly PlanStep[]) =>
  steps.every(({ doneAt }) => doneAt !== undefined);
