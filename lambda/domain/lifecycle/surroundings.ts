import { asKeysError, KeysError } from '../errors.ts';
import type { Cmk, Subscriptions } from '../ports.ts';
import type { Finding } from './finding.ts';
import type { Sighting, Surroundings } from './sighting.ts';

export interface SurroundingsPorts {
  readonly cmk: Cmk;
  readonly subscriptions: Subscriptions;
}

export async function lookAround(ports: SurroundingsPorts): Promise<Surroundings> {
  return {
    cmk: await ports.cmk.describe().catch(asKeysError),
    subscriptions: await ports.subscriptions.list().catch(asKeysError),
  };
}

/** It explains why nothing can be read. */
export const CMK_UNUSABLE = 'cmk-unusable';

/** What all keys of the environment depend on: their CMK, and that somebody hears the alarms. */
export function watchSurroundings(sighting: Sighting): (Finding | undefined)[] {
  return [...watchCmk(sighting), watchSubscriptions(sighting)];
}

function watchCmk({ facts, surroundings }: Sighting): Finding[] {
  const { cmk } = surroundings;
  const { environment } = facts.managed;
  if (cmk instanceof KeysError) {
    const todo = 'See whether the function may ask KMS; the keys are looked after all the same.';
    return [{ code: 'cmk-unknown', about: cmk.code, happened: cmk.message, todo }];
  }
  if (cmk.state !== 'Enabled') {
    const happened = `The CMK of ${environment} (${cmk.arn}) is ${cmk.state}: no key of it can be read, rotated or healed.`;
    const todo = `Unless you lock ${environment} down on purpose: aws kms ${cmk.state === 'PendingDeletion' ? 'cancel-key-deletion' : 'enable-key'} --key-id ${cmk.arn}`;
    return [{ code: CMK_UNUSABLE, about: cmk.state, happened, todo, againAfterDays: 1 }];
  }
  if (cmk.rotationEnabled) return [];
  const happened = `The CMK of ${environment} (${cmk.arn}) is not rotated by KMS.`;
  const todo = `aws kms enable-key-rotation --key-id ${cmk.arn}`;
  return [{ code: 'cmk-not-rotated', about: 'off', happened, todo }];
}

function watchSubscriptions({ facts, surroundings }: Sighting): Finding | undefined {
  const { subscriptions } = surroundings;
  if (subscriptions instanceof KeysError) return undefined;
  const mute = subscriptions.filter(({ confirmed }) => !confirmed).map(({ endpoint }) => endpoint);
  if (mute.length === 0) return undefined;
  return {
    code: 'subscription-unconfirmed',
    about: String(mute.length),
    happened: `No notice and no alarm of ${facts.managed.environment} reaches ${mute.sort().join(', ')}: the subscription isn't confirmed.`,
    todo: 'Confirm the mail from AWS; if it expired, subscribe again or deploy again.',
  };
}
