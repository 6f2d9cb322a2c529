import { tag } from '../../contract.ts';
import { asKeysError, type KeysError } from '../errors.ts';
import type { AtOnce, Clock } from '../ports.ts';
import { busy } from './change.ts';
import type { Quarantines, QuarantineTags } from './ports.ts';
import { SLOTS, settingOf, type TagChange, type Tags, tagsFor } from './tags.ts';

export interface ApplyPorts {
  readonly environment: string;
  readonly quarantines: Quarantines;
  readonly quarantineTags: QuarantineTags;
  readonly atOnce: AtOnce;
  readonly clock: Clock;
}

/** A secret that is to deny whom the others deny. */
export interface Denying {
  readonly key: string;
  /** ARN or name. */
  readonly secretId: string;
}

/** Why the tags of a key aren't as they are to be; the hourly sweep sees to them. */
export type Failures = ReadonlyMap<string, KeysError>;

/** Secrets Manager takes 50 changes a second. */
const TAGGING = 2;
/** As often as others may change these tags meanwhile. */
const TURNS = 5;

/**
 * Makes tags of all these secrets as they are desired, whatever they were. Whoever adds or releases
 * a quarantine calls it after, for that one's slot; of two at once the one that tags last may have
 * read what is desired first, so each looks again at what it wrote. Never throws.
 */
export async function applyEverywhere(
  ports: ApplyPorts,
  secrets: readonly Denying[],
  slots: readonly number[] = SLOTS,
): Promise<Failures> {
  const desired = async () => {
    const { quarantines } = await ports.quarantines.all();
    return settingOf(slots, tagsFor(quarantines, ports.clock.now()));
  };
  try {
    let change = await desired();
    for (let turn = 0; turn < TURNS; turn += 1) {
      const failures = await tagAll(ports, secrets, change);
      const after = await desired();
      if (isSame(after.set, change.set)) return failures;
      change = after;
    }
    return ofAll(secrets, busy(ports.environment));
  } catch (error) {
    return ofAll(secrets, asKeysError(error));
  }
}

/** What is to be off follows from it. */
const isSame = (one: Tags, other: Tags) =>
  SLOTS.map(tag.quarantine).every((name) => one[name] === other[name]);

const ofAll = (secrets: readonly Denying[], error: KeysError): Failures =>
  new Map(secrets.map(({ key }) => [key, error]));

/** Never throws. */
export async function tagAll(
  { quarantineTags, atOnce }: Pick<ApplyPorts, 'quarantineTags' | 'atOnce'>,
  secrets: readonly Denying[],
  { set, off }: TagChange,
): Promise<Failures> {
  const limit = atOnce(TAGGING);
  const failures = new Map<string, KeysError>();
  const tagOne = async ({ key, secretId }: Denying) => {
    try {
      await quarantineTags.change(secretId, set, off);
    } catch (error) {
      const failure = asKeysError(error);
      if (!NO_READER.has(failure.code)) failures.set(key, failure);
    }
  };
  await Promise.all(secrets.map((one) => limit(() => tagOne(one))));
  return failures;
}

/** Of a secret that nobody can read anyway. */
const NO_READER: ReadonlySet<string> = new Set(['SECRET_MARKED_FOR_DELETION', 'SECRET_NOT_FOUND']);
