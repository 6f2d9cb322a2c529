/** Whoever puts a value chooses its version id, so that the end may be of any characters. */
const RETAINED_UNTIL = /^RETAINED-UNTIL-(\d{8}T\d{6}Z)-.{8}$/s;

/** A secret holds at most this many staging labels over all its versions. */
export const MAX_LABELS = 20;

/**
 * `RETAINED-UNTIL-20261224T015000Z-1a2b3c4d`. The version id is part of it because a label sits on
 * one version only, and two rotations may fall into one second. No colons: an ECS `valueFrom`
 * separates its fields by them.
 */
export function retainedUntilLabel(until: Date, versionId: string): string {
  return `RETAINED-UNTIL-${compact(until)}-${versionId.slice(0, 8)}`;
}

/** `20261224T015000Z` */
const compact = (time: Date) => time.toISOString().replace(/[-:]|\.\d{3}/g, '');

/** Undefined for a date that doesn't exist. */
function parseCompact(time: string): Date | undefined {
  const iso = time.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6.000Z');
  const date = new Date(iso);
  return !Number.isNaN(date.getTime()) && date.toISOString() === iso ? date : undefined;
}

/** The deadline a label states; undefined for any other label and for a date that doesn't exist. */
export function parseRetainedUntil(label: string): Date | undefined {
  const time = RETAINED_UNTIL.exec(label)?.[1];
  return time === undefined ? undefined : parseCompact(time);
}

/** A regular expression for every retention label that the version had or may have: revocation takes it off. */
export const retainedUntilPattern = (versionId: string) =>
  `^RETAINED-UNTIL-\\d{8}T\\d{6}Z-${patternOf(versionId.slice(0, 8))}$`;

/** As part of a regular expression, which no choice of its characters breaks out of. */
export const patternOf = (text: string) => text.replace(/[^\w-]/g, '[\\s\\S]');

/** The version id is part of it because a label sits on one version only. */
export const awaitingRevocationLabel = (versionId: string) =>
  `AWAITING-REVOCATION-${versionId.slice(0, 8)}`;

const COMPROMISED = /^COMPROMISED-(\d{8}T\d{6}Z)-.{8}$/s;

export const compromisedLabel = (at: Date, versionId: string) =>
  `COMPROMISED-${compact(at)}-${versionId.slice(0, 8)}`;

/** When a version was declared compromised; undefined for any other label. */
export function parseCompromised(label: string): Date | undefined {
  const time = COMPROMISED.exec(label)?.[1];
  return time === undefined ? undefined : parseCompact(time);
}

/** By which consumers reach a key that is no longer current. */
export const isReaders = (label: string) => label === 'AWSPREVIOUS' || isRetained(label);

export const isRetained = (label: string) => parseRetainedUntil(label) !== undefined;
export const isAwaitingRevocation = (label: string) => label.startsWith('AWAITING-REVOCATION-');
export const isCompromised = (label: string) => label.startsWith('COMPROMISED-');

/** Compromised, or on its way to be revoked. */
export const isOutcast = (labels: readonly string[]) =>
  labels.some((label) => isCompromised(label) || isAwaitingRevocation(label));
