/**
 * Objects and lists of one document, and how deep they are: some 20 MiB of brackets would else be
 * a gigabyte of them.
 */
const MOST = { opened: 1_000_000, depth: 64 } as const;

/** What a text or its bytes say as JSON; undefined of what is none, or has too many or too deep lists and objects. */
export function boundedJson(said: string | Uint8Array): unknown {
  try {
    const text = typeof said === 'string' ? said : UTF_8.decode(said);
    return isBounded(text) ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Of what is no JSON it may say either. */
function isBounded(text: string): boolean {
  let opened = 0;
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isQuoted = !isQuoted;
    else if (isQuoted) {
      if (code === BACKSLASH) at++;
    } else if (code === BRACKET || code === BRACE) {
      opened++;
      depth++;
      if (opened > MOST.opened || depth > MOST.depth) return false;
    } else if (code === BRACKET + 2 || code === BRACE + 2) depth--;
  }
  return true;
}

const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);
/** Two before what closes them. */
const BRACKET = '['.charCodeAt(0);
const BRACE = '{'.charCodeAt(0);
