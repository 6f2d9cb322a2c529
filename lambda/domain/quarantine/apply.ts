import { asKeysError, type KeysError } from '../errors.ts';
import type { AtOnce, Clock } from '../ports.ts';
import { busy } from './change.ts';
import type { Quarantines, QuarantineTags } from './ports.ts';
import { settingAll, tagsFor } from './tags.ts';

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
const TAGGING = 8;
/** As often as others may change what is desired meanwhile. */
const TURNS = 5;

/**
 * Has all of these secrets deny the desired quarantines, whatever their tags were. Whoever changes
 * what is desired calls it after; of two at once the one that tags last may have read it first, so
 * it looks again. Never throws.
 */
export async function applyEverywhere(
  ports: ApplyPorts,
  secrets: readonly Denying[],
): Promise<Failures> {
  try {
    let desired = await ports.quarantines.all();
    for (let turn = 0; turn < TURNS; turn += 1) {
      const wanted = tagsFor(desired.quarantines, ports.clock.now());
      const failures = await tagAll(ports, secrets, wanted);
      const after = await ports.quarantines.all();
      if (after.version === desired.version) return failures;
      desired = after;
    }
    return ofAll(secrets, busy(ports.environment));
  } catch (error) {
    return ofAll(secrets, asKeysError(error));
  }
}

const ofAll = (secrets: readonly Denying[], error: KeysError): Failures =>
  new Map(secrets.map(({ key }) => [key, error]));

async function tagAll(
  { quarantineTags, atOnce }: ApplyPorts,
  secrets: readonly Denying[],
  wanted: Readonly<Record<string, string>>,
): Promise<Failures> {
  const { set, off } = settingAll(wanted);
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
