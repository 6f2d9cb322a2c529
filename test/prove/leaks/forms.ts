/** One way in which a key, or a part of it, may be written. */
export interface Form {
  readonly name: string;
  readonly text: string;
  /** In lower case; looked for whatever the case of the output. */
  readonly anyCase: boolean;
}

/**
 * As long as a fingerprint, which is no part of the key but of its hash: a run of this length in an
 * output by chance has odds of one in 10^14 at each of its places.
 */
const PART = 12;

/** Every form that a key of 32 hex characters is searched in. */
export function formsOf(key: string): Form[] {
  const halves = [key.slice(0, key.length / 2), key.slice(key.length / 2)];
  return [
    ...anyCase('itself', [key]),
    ...anyCase('a part of 12 digits', partsOf(key)),
    ...anyCase('backwards', [reversed(key)]),
    ...exact('base64', halves.flatMap(base64)),
    ...exact('base64url', halves.flatMap(base64).map(urlSafe)),
    ...anyCase('hex of its bytes', halves.map(hex)),
    ...anyCase('hex of its bytes, spaced', halves.map(bytes(' ', hex))),
    ...anyCase('decimals of its bytes', halves.map(bytes(',', decimal))),
    ...anyCase('decimals of its bytes, spaced', halves.map(bytes(', ', decimal))),
    ...anyCase('URL-encoded', halves.map(bytes('', (digit) => `%${hex(digit)}`))),
    ...anyCase('JSON-escaped', halves.map(bytes('', (digit) => `\\u00${hex(digit)}`))),
  ];
}

const anyCase = (name: string, texts: readonly string[]): Form[] =>
  texts.map((text) => ({ name, text: text.toLowerCase(), anyCase: true }));
const exact = (name: string, texts: readonly string[]): Form[] =>
  texts.map((text) => ({ name, text, anyCase: false }));

function partsOf(key: string): string[] {
  const places = key.length - PART + 1;
  return Array.from({ length: places }, (_, at) => key.slice(at, at + PART));
}

const reversed = (text: string) => [...text].reverse().join('');
const hex = (text: string) => Buffer.from(text).toString('hex');
const decimal = (digit: string) => String(digit.charCodeAt(0));
const bytes = (between: string, write: (digit: string) => string) => (text: string) =>
  [...text].map(write).join(between);

/**
 * What of a text's base64 stays the same whatever stands around it. Three bytes are four characters, so
 * it depends on where in a triple the text begins; the characters at both ends are shared with its
 * neighbours.
 */
export function base64(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const padded = `${'x'.repeat(before)}${text}`;
    const whole = Buffer.from(padded).toString('base64');
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor((padded.length * 8) / 6);
    return whole.slice(first, last);
  });
}

const urlSafe = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');
