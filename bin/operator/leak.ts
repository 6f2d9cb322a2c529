import { isVersionToken } from '../../lambda/domain/keyless.ts';
import type { VersionChoice } from '../../lambda/payloads.ts';
import { wrongUse } from '../keyctl/refusal.ts';
import { isKeyLike } from './key-like.ts';

/** Which version leaked, and how far back its readers are looked for. */
export interface Leak {
  /** undefined: the one the function takes by default. */
  readonly version?: VersionChoice;
  readonly hours: number;
}

const HOURS = 72;
const MOST_HOURS = 90 * 24;

export const VERSION_OPTION = [
  '--version <version>',
  'current, previous, staged, or a version id',
] as const;
export const HOURS_OPTION = [
  '--hours <hours>',
  `how far back to look for readers, 1-${MOST_HOURS} (default: ${HOURS})`,
] as const;

interface Typed {
  readonly version?: string;
  readonly hours?: string;
}

/** @throws Refusal WRONG_USE */
export function leakOf({ version, hours }: Typed): Leak {
  return { ...versionOf({ version }), hours: hours === undefined ? HOURS : hoursOf(hours) };
}

/** @throws Refusal WRONG_USE */
export function versionOf({ version }: { readonly version?: string | undefined }) {
  if (version === undefined) return {};
  const isId = /^[\w-]{7,64}$/.test(version) && (!isKeyLike(version) || isVersionToken(version));
  if (isId) return { version };
  throw wrongUse(
    '--version takes current, previous, staged, or a version id as npx keyctl status --json tells it.',
  );
}

function hoursOf(typed: string): number {
  const hours = Number(typed);
  if (/^\d+$/.test(typed) && hours >= 1 && hours <= MOST_HOURS) return hours;
  throw wrongUse(`--hours takes a whole number from 1 to ${MOST_HOURS}: CloudTrail keeps 90 days.`);
}
