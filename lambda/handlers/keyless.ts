import * as z from 'zod/mini';

/** What looks like a key is taken nowhere: it would be logged, and written down for ten years. */
export const keyless = (form: RegExp) =>
  z.string().check(z.regex(form), z.regex(/^(?!.*[0-9a-f]{32})/is));

/** Who the caller claims to be. */
export const caller = z.optional(keyless(/^[^\r\n]{1,256}$/));
export const key = keyless(/^[a-z][a-z0-9-]{0,39}$/);
/** `current`, `previous`, `staged` or a version id, which may be a hash twice as long as a key. */
export const version = z
  .string()
  .check(z.regex(/^(?!.*(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f]))[\w-]{1,64}$/i));
