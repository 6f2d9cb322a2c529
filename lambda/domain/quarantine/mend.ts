import { secretName } from '../../contract.ts';
import type { UnreadableKey } from '../../payloads.ts';
import { asKeysError, failureOf, type KeysError } from '../errors.ts';
import type { KeyFacts } from '../key-facts.ts';
import { type ApplyPorts, applyEverywhere, type Denying, type Failures, tagAll } from './apply.ts';
import { type ChangePorts, dropExpired, markAnnounced } from './change.ts';
import type { QuarantineAnnouncer, Quarantines } from './ports.ts';
import { isInForce, type Kept } from './quarantine.ts';
import { differenceOf, SLOTS, settingOf, tagsFor } from './tags.ts';

export interface MendPorts extends Omit<ApplyPorts, 'quarantines'> {
  /** Absent without an access guard, and with one that denies nothing: then no tag is to be there. */
  readonly quarantines?: Quarantines;
  readonly quarantineAnnouncer: QuarantineAnnouncer;
}

export interface Mended {
  /** Keys whose tags weren't as they are to be. */
  readonly differing: readonly string[];
  readonly failures: Failures;
  /** What isn't about one key: no answer from the table, or from the event bus. */
  readonly failure?: KeysError;
}

interface Looked {
  readonly keys: readonly KeyFacts[];
  readonly lost: readonly UnreadableKey[];
}

/**
 * Puts tags back that somebody took off or that a key is too new for, takes those off that are over
 * or nobody's, and tells the event bus what it wasn't told. Never throws.
 */
export async function mendQuarantines(
  { quarantines, ...ports }: MendPorts,
  looked: Looked,
  { dryRun }: { readonly dryRun: boolean },
): Promise<Mended> {
  if (!quarantines) return takeOff(ports, looked, dryRun);
  const guarded = { ...ports, quarantines };
  const now = ports.clock.now();
  try {
    const all = dryRun ? (await quarantines.all()).quarantines : await dropExpired(guarded, now);
    const some = differingFrom(ports.environment, looked, all, now);
    const differing = some.map(({ key }) => key);
    if (dryRun) return { differing, failures: new Map() };
    const failures = some.length > 0 ? await applyEverywhere(guarded, some) : new Map();
    const failure = await failureOf(announceLeft(guarded, looked, all, now));
    return { differing, failures, ...(failure ? { failure } : {}) };
  } catch (error) {
    return { differing: [], failures: new Map(), failure: asKeysError(error) };
  }
}

/** They deny nothing without the statements of an access guard, and would if there were one again. */
async function takeOff(
  ports: Omit<ApplyPorts, 'quarantines'>,
  looked: Looked,
  dryRun: boolean,
): Promise<Mended> {
  const some = differingFrom(ports.environment, { ...looked, lost: [] }, [], ports.clock.now());
  const failures = dryRun ? new Map() : await tagAll(ports, some, settingOf(SLOTS, {}));
  return { differing: some.map(({ key }) => key), failures };
}

function differingFrom(
  environment: string,
  { keys, lost }: Looked,
  all: readonly Kept[],
  now: Date,
): Denying[] {
  const wanted = tagsFor(all, now);
  return [
    ...keys
      .filter(({ secret }) => differenceOf(secret.tags, wanted))
      .map(({ managed, secret }) => ({ key: managed.name, secretId: secret.arn })),
    // Whoever broke another tag of a key must not keep it out of this
    ...lost
      .filter(({ error }) => error.code === 'TAG_INVALID' && Object.keys(wanted).length > 0)
      .map(({ key }) => ({ key, secretId: secretName(environment, key) })),
  ];
}

/** Whoever added it may have died before. */
async function announceLeft(
  ports: ChangePorts & Pick<MendPorts, 'quarantineAnnouncer'>,
  { keys }: Looked,
  all: readonly Kept[],
  now: Date,
): Promise<void> {
  const { environment, quarantineAnnouncer } = ports;
  for (const quarantine of all) {
    if (quarantine.isAnnounced || !isInForce(quarantine, now)) continue;
    const read = keys.find(({ managed }) => managed.name === quarantine.key);
    const secretArn = read?.secret.arn;
    await quarantineAnnouncer.announce({ environment, quarantine, secretArn });
    await markAnnounced(ports, [quarantine.id]);
  }
}
