/**
 * Objects and lists of one document, how deep they are, and how many values stand beside another:
 * some 20 MiB of brackets would else be a gigabyte of them, and of names half a gigabyte. Two
 * thousand events of a hundred fields each are within them.
 */
const MOST = { opened: 1_000_000, depth: 64, commas: 200_000 } as const;

/**
 * What a text or its bytes say as JSON; undefined of what is none, or has too many or too deep lists
 * and objects, or too many values.
 */
export function boundedJson(said: string | Uint8Array, mostCommas: number = MOST.commas): unknown {
  try {
    const bytes = typeof said === 'string' ? new TextEncoder().encode(said) : said;
    return isBounded(bytes, mostCommas) ? JSON.parse(UTF_8.decode(bytes)) : undefined;
  } catch {
    return undefined;
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Of what is no JSON it may say either. In UTF-8 no byte of another character is that of a bracket,
 * a comma or a quote.
 */
function isBounded(bytes: Uint8Array, mostCommas: number): boolean {
  let commas = 0;
  let opened = 0;
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (isQuoted) {
      if (byte === BACKSLASH) at++;
    } else if (byte === COMMA) {
      commas++;
      if (commas > mostCommas) return false;
    } else if (byte === BRACKET || byte === BRACE) {
      opened++;
      depth++;
      if (opened > MOST.opened || depth > MOST.depth) return false;
    } else if (byte === BRACKET + 2 || byte === BRACE + 2) depth--;
  }
  return true;
}

const QUOTE = '"'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);
/** Two before what closes them. */
const BRACKET = '['.charCodeAt(0);
const BRACE = '{'.charCodeAt(0);
