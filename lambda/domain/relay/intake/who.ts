import type { RelaySettings } from '../../../contract.ts';
import { mayBeEmail } from './email.ts';

/** Of whom an event is: Amplitude needs one of them. */
export type Who = { readonly user_id: string } | { readonly device_id: string };

/** A keyed digest of a user id: the same id gives the same, and nobody without the key finds the id. */
export type Digest = (userId: string) => string;

/**
 * Whom an event is of: their id as it came, or its digest. An e-mail address, and whatever is no id
 * at all but a text, never leaves as it is. Of nobody that Amplitude would take, the event is of a
 * device of its own.
 * @param device the same whenever the event is made
 */
export function whoseEvent(
  userId: string | undefined,
  device: string,
  { userIds }: Pick<RelaySettings, 'userIds'>,
  digest: Digest,
): Who {
  const id = userId?.trim() ?? '';
  if (id === '' || isNobody(id)) return { device_id: device };
  const isEmail = id.length <= LONGEST_EMAIL && mayBeEmail(id);
  if (userIds === 'hmac' || isEmail || !ID.test(id))
    return { user_id: digest(isEmail ? id.toLowerCase() : id) };
  return { user_id: id };
}

/** Of RFC 3696. To look into long texts for one takes time that may grow with the square. */
const LONGEST_EMAIL = 320;

/** Without a space, and in ASCII: a name is no id, nor is a sentence, and some languages write it without spaces. */
const ID = /^[a-z\d][\w.:|/+=~-]{0,127}$/i;

/** What programs write for nobody; Amplitude refuses such ids, or makes one user of them all. */
export const isNobody = (id: string) => NOBODY.has(id.toLowerCase()) || /^[0-]+$/.test(id);

const NOBODY: ReadonlySet<string> = new Set([
  'anonymous',
  'anon',
  'nil',
  '<nil>',
  'none',
  'null',
  'n/a',
  'na',
  'nan',
  'undefined',
  'unknown',
  'not set',
  'not_set',
  'true',
  'false',
  'lmy47d',
  '-1',
  '{}',
  '[]',
  '[object object]',
]);
