/** Long enough to be a key, whatever stands around it. */
const KEY_SHAPED = /[0-9a-f]{32,}/gi;

/** Somebody may have written a key where a name belongs, which would be told everywhere. */
export const mayHoldKey = (text: string) => /[0-9a-f]{32}/i.test(text);

/** The id of a version that a function put: the hash of its work, twice as long as a key. */
export const isVersionToken = (word: string) => /^[0-9a-f]{64}$/.test(word);

/** Without anything of a key's shape: somebody may have written one where a name belongs. */
export const keyless = (text: string) =>
  text.replace(KEY_SHAPED, (run) => (isVersionToken(run) ? run : '[redacted]'));
