/**
 * A text up to what is asked for in a URL: tokens and what people searched for come after it. Many
 * URLs that programs know have no scheme, or don't begin the text. A question, C# and a #1 stay whole:
 * a number, marks, a space or nothing comes after their signs.
 */
export function withoutQuery(text: string): string {
  const bare = text.replace(URL_OR_PATH.test(text) ? FROM_ANY_SIGN : FROM_SIGN_IN_WORD, '');
  return bare === text ? text : bare.trim();
}

const URL_OR_PATH = /^\s*(?:[a-z][a-z\d+.-]*:)?\//i;

/** Those that NFKC makes `?` or `#` are among them: browsers take them for these. */
const SIGN = '[?#\\u2047-\\u2049\\ufe16\\ufe56\\ufe5f\\uff03\\uff1f]';
const FROM_ANY_SIGN = new RegExp(`${SIGN}.*`, 's');
const NUMBER_OR_MARKS = '(?:\\d{1,9}|[?!.,:;)]{1,3})(?:\\s|$)';
const FROM_SIGN_IN_WORD = new RegExp(`${SIGN}(?=\\S)(?!${NUMBER_OR_MARKS}).*`, 's');
