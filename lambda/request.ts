import * as z from 'zod/mini';
import { keyless } from './domain/keyless.ts';

/** Text that is written down or sent to AWS: what looks like a key would be kept there for years. */
export const withoutKey = (form: RegExp) =>
  z.string().check(z.regex(form), z.regex(/^(?!.*[0-9a-f]{32})/is));

/** The name of a key. */
export const key = withoutKey(/^[a-z][a-z0-9-]{0,39}$/);

/** `current`, `previous`, `staged`, or a version id: a hash of 64 hex digits, if a function chose it. */
export const version = z
  .string()
  .check(z.regex(/^(?:[0-9a-f]{64}|(?!.*[0-9a-f]{32})[\w-]{1,64})$/i));

/** Who the caller claims to be; an emergency doesn't fail for the name of a session. */
export const caller = z.optional(
  z.pipe(z.string().check(z.regex(/^[^\r\n]{1,256}$/)), z.transform(keyless)),
);
