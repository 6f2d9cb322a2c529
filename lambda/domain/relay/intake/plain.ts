import { mayBeEmail } from './email.ts';

/**
 * Each of these gives a value only if it looks like what it should be: an allow-list of names
 * alone would let through whatever someone writes under such a name.
 */
type Reading<T> = (value: unknown) => T | undefined;

/** @param bare the text without what may hold an `@` */
const matching =
  (form: RegExp, bare = (text: string) => text): Reading<string> =>
  (value) =>
    typeof value === 'string' && form.test(value) && !mayBeEmail(bare(value)) ? value : undefined;

/** A UUID of Dify's, or whatever another program numbers its things by. */
export const idIn = matching(/^[\w.:-]{1,128}$/);

/** `app-run`, `partial-succeeded`. */
export const wordIn = matching(/^[\w-]{1,64}$/);

/** Dify's `draft`, or the time at which a workflow was published: nothing else of it has a space. */
export const versionIn = matching(
  /^(?:[\w.:+-]{1,64}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?)$/,
);

/**
 * As providers name models: `@cf/meta/llama-3.1`, `anthropic.claude-v2:1`, `gemini-pro@001`. With a
 * space it might be a sentence.
 */
export const modelIn = matching(/^@?[a-z\d][\w.:/+-]{0,127}(?:@[a-z\d]{1,20})?$/i, (model) =>
  model.replace(/^@(?=[a-z\d-]+\/)/i, '').replace(/@(?:\d+|latest|default)$/, ''),
);

/** A line by which a person names an app or a page, emoji included: no markup, no JSON, no lines. */
export const nameIn = matching(/^(?:[^\p{C}\p{Zl}\p{Zp}{}<>\\]|\u200d){1,256}$/u);

/** Of texts only those in decimal: `Number` finds one in a blank and in `0x10` too. */
export const numberIn: Reading<number> = (value) => {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && number <= MOST ? number : undefined;
};

const DECIMAL = /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const MOST = 1e12;
