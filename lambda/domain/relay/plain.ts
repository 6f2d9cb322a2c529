/**
 * Each of these gives a value only if it looks like what it should be: an allow-list of names
 * alone would let through whatever someone writes under such a name.
 */
type Reading<T> = (value: unknown) => T | undefined;

const matching =
  (form: RegExp): Reading<string> =>
  (value) =>
    typeof value === 'string' && form.test(value) && !isEmail(value) ? value : undefined;

/** A UUID of Dify's, or whatever another program numbers its things by. */
export const idIn = matching(/^[\w.:-]{1,128}$/);

/** `app-run`, `partial-succeeded`. */
export const wordIn = matching(/^[\w-]{1,64}$/);

/** Dify's `draft`, or the time at which a workflow was published. */
export const versionIn = matching(/^[\w.:+ -]{1,64}$/);

/** As providers name models: `@cf/meta/llama-3.1`, `anthropic.claude-v2:1`, `gemini-pro@001`. */
export const modelIn = matching(/^@?[\p{L}\p{N}][\p{L}\p{N} ._:/+()-]{0,127}(@[a-z0-9]{1,20})?$/u);

/** A line by which a person names an app or a page, emoji included: no markup, no JSON, no lines. */
export const nameIn = matching(/^(?:[^\p{C}\p{Zl}\p{Zp}{}<>\\]|\u200d){1,256}$/u);

export const numberIn: Reading<number> = (value) => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && number <= MOST ? number : undefined;
};

const MOST = 1e12;

/** Written in full, in another script, or in a URL. Of short texts only: its time grows with their square. */
const isEmail = (text: string) =>
  /[^\s@/]\s?(?:@|＠|﹫|%40)\s?[^\s@/]+[.．。][^\s@/]{2,}/i.test(text);
