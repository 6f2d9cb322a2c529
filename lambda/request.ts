import * as z from 'zod/mini';

/** Text that is written down or sent to AWS: what looks like a key would be kept there for years. */
export const withoutKey = (form: RegExp) =>
  z.string().check(z.regex(form), z.regex(/^(?!.*[0-9a-f]{32})/is));

/** The name of a key. */
export const key = withoutKey(/^[a-z][a-z0-9-]{0,39}$/);

/** `current`, `previous`, `staged`, or a version id: a hash of 64 hex digits, if a function chose it. */
export const version = z
  .string()
  .check(z.regex(/^(?:[0-9a-f]{64}|(?!.*[0-9a-f]{32})[\w-]{1,64})$/i));
