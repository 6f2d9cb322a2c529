import { asKeysError, KeysError } from '../errors.ts';
import type { Cmk, Subscriptions } from '../ports.ts';
import type { Finding } from './finding.ts';
import type { Sighting, Surroundings } from './sighting.ts';

export interface SurroundingsPorts {
  readonly cmk: Cmk;
  readonly subscriptions: Subscriptions;
  /** Addresses that the configuration names. */
  readonly addresses: number;
}

/** @param quarantines why they couldn't be looked after, if so */
export async function lookAround(
  ports: SurroundingsPorts,
  quarantines: KeysError | undefined,
): Promise<Surroundings> {
  return {
    cmk: await ports.cmk.describe().catch(asKeysError),
    subscriptions: await ports.subscriptions.list().catch(asKeysError),
    addresses: ports.addresses,
    ...(quarantines ? { quarantines } : {}),
  };
}

/** It explains why nothing can be read. */
export const CMK_UNUSABLE = 'cmk-unusable';
const QUARANTINES_UNKEPT = 'quarantines-unkept';

/** What is about the environment, by its code. */
export const AROUND: ReadonlySet<string> = new Set([
  'cmk-unknown',
  CMK_UNUSABLE,
  'cmk-not-rotated',
  'subscription-unconfirmed',
  'subscription-missing',
  QUARANTINES_UNKEPT,
]);

/** KMS or SNS gave no answer now. */
export function isUnknownAround({ surroundings }: Sighting, code: string): boolean {
  if (!AROUND.has(code) || code === 'cmk-unknown' || code === QUARANTINES_UNKEPT) return false;
  return code.startsWith('cmk')
    ? surroundings.cmk instanceof KeysError
    : surroundings.subscriptions instanceof KeysError;
}

/** What all keys of the environment depend on: their CMK, and that somebody hears the alarms. */
export function watchSurroundings(sighting: Sighting): Finding[] {
  const found = WATCHED.map((watch) => watch(sighting));
  return found.filter((one) => one !== undefined).map((one) => ({ ...one, ofAll: true }));
}

const WATCHED = [watchCmk, watchUnconfirmed, watchMissing, watchQuarantines];

function watchCmk({ facts, surroundings }: Sighting): Finding | undefined {
  const { cmk } = surroundings;
  const { environment } = facts.managed;
  if (cmk instanceof KeysError) {
    const todo = 'See whether the function may ask KMS; the keys are looked after all the same.';
    return { code: 'cmk-unknown', about: cmk.code, happened: cmk.message, todo };
  }
  if (cmk.state !== 'Enabled') {
    const happened = `The CMK of ${environment} (${cmk.arn}) is ${cmk.state}: no key of it can be read, rotated or healed.`;
    const todo = `Unless you lock ${environment} down on purpose: aws kms ${cmk.state === 'PendingDeletion' ? 'cancel-key-deletion' : 'enable-key'} --key-id ${cmk.arn}`;
    return { code: CMK_UNUSABLE, about: cmk.state, happened, todo, againAfterDays: 1 };
  }
  if (cmk.rotationEnabled) return undefined;
  const happened = `The CMK of ${environment} (${cmk.arn}) is not rotated by KMS.`;
  const todo = `aws kms enable-key-rotation --key-id ${cmk.arn}`;
  return { code: 'cmk-not-rotated', about: 'off', happened, todo };
}

function watchUnconfirmed({ facts, surroundings }: Sighting): Finding | undefined {
  const { subscriptions } = surroundings;
  if (subscriptions instanceof KeysError) return undefined;
  const mute = subscriptions.filter(({ confirmed }) => !confirmed).map(({ endpoint }) => endpoint);
  if (mute.length === 0) return undefined;
  return {
    code: 'subscription-unconfirmed',
    about: String(mute.length),
    happened: `No notice and no alarm of ${facts.managed.environment} reaches ${mute.sort().join(', ')}: the subscription isn't confirmed.`,
    todo: 'Confirm the mail from AWS within 48 hours; after that AWS removes the subscription.',
  };
}

/** AWS removes a subscription that nobody confirms within 48 hours. */
function watchMissing({ facts, surroundings }: Sighting): Finding | undefined {
  const { subscriptions, addresses } = surroundings;
  if (subscriptions instanceof KeysError || subscriptions.length >= addresses) return undefined;
  return {
    code: 'subscription-missing',
    about: String(subscriptions.length),
    happened: `The topic of ${facts.managed.environment} has ${subscriptions.length} subscriptions, and the configuration names ${addresses} addresses: AWS removes one that isn't confirmed within 48 hours.`,
    todo: 'Subscribe the missing address again (aws sns subscribe) and confirm the mail from AWS.',
  };
}

function watchQuarantines({ facts, surroundings }: Sighting): Finding | undefined {
  const { quarantines } = surroundings;
  if (!quarantines) return undefined;
  return {
    code: QUARANTINES_UNKEPT,
    about: quarantines.code,
    happened: `The quarantines of ${facts.managed.environment} can't be looked after: ${quarantines.message}`,
    todo: 'Whoever is denied stays so, and tags that are lost are not put back; the keys are looked after all the same. See whether the function may use the table and the event bus.',
    againAfterDays: 1,
  };
}
