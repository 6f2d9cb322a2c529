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
  if (userIds === 'hmac' || !ID.test(id))
    return { user_id: digest(mayBeEmail(id) ? id.toLowerCase() : id) };
  return { user_id: id };
}

/** Without a space: a name or a sentence is no id. */
const ID = /^[\p{L}\p{N}][\p{L}\p{N}._:|/+=~-]{0,127}$/u;

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
