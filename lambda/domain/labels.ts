const RETAINED_UNTIL = /^RETAINED-UNTIL-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z-[\w-]{8}$/;

/** A secret holds at most this many staging labels over all its versions. */
export const MAX_LABELS = 20;

/**
 * `RETAINED-UNTIL-20261224T015000Z-1a2b3c4d`. The version id is part of it because a label sits on
 * one version only, and two rotations may fall into one second. No colons: an ECS `valueFrom`
 * separates its fields by them.
 */
export function retainedUntilLabel(until: Date, versionId: string): string {
  const time = until.toISOString().replace(/[-:]|\.\d{3}/g, '');
  return `RETAINED-UNTIL-${time}-${versionId.slice(0, 8)}`;
}

/** The deadline a label states; undefined for any other label and for a date that doesn't exist. */
export function parseRetainedUntil(label: string): Date | undefined {
  const match = RETAINED_UNTIL.exec(label);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const until = new Date(iso);
  return !Number.isNaN(until.getTime()) && until.toISOString() === iso ? until : undefined;
}

/** The version id is part of it because a label sits on one version only. */
export const awaitingRevocationLabel = (versionId: string) =>
  `AWAITING-REVOCATION-${versionId.slice(0, 8)}`;

export const isRetained = (label: string) => parseRetainedUntil(label) !== undefined;
export const isAwaitingRevocation = (label: string) => label.startsWith('AWAITING-REVOCATION-');
export const isCompromised = (label: string) => label.startsWith('COMPROMISED-');
