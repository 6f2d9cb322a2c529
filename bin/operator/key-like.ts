import { isVersionToken, keyless } from '../../lambda/domain/keyless.ts';
import { wrongUse } from '../keyctl/refusal.ts';

/** Part of a key, maybe: fingerprints are as long as this, so only longer runs count. */
const KEY_LIKE = /[0-9a-f]{13}/i;
const LONGEST_WORD = 40;

/** Someone may have typed a key where a name belongs. Such a word is never printed. */
export const isKeyLike = (word: string) => KEY_LIKE.test(word);

/**
 * No option takes a key.
 * @throws Refusal WRONG_USE naming the option and what to do now
 */
export function refuseKeys(options: object): void {
  for (const [option, value] of Object.entries(options)) {
    if (typeof value !== 'string' || !/^\s*[0-9a-f]{13,}\s*$/i.test(value)) continue;
    if (option === 'version' && isVersionToken(value)) continue;
    const what = ['dir', 'id'].includes(option) ? 'The argument' : `The value of --${option}`;
    throw wrongUse(`${what} looks like a key. ${LEAKED_ADVICE}`);
  }
}

/** ` "word"` where it may be repeated, else ` of that name`. */
export const named = (word: string) =>
  isKeyLike(word) || word.length > LONGEST_WORD ? ' of that name' : ` "${word}"`;

/** Without anything of a key's shape, and without what moves a terminal's cursor. */
export const harmless = (text: string) => keyless(text.replace(/\p{C}/gu, '\ufffd'));

/** What to do once a key was typed as an argument. */
export const LEAKED_ADVICE =
  'If it was a key, it is now in your shell history and was visible to other processes: treat it as leaked, take it out of the history (history -d), revoke it at Amplitude and generate another. Keys are read from a hidden prompt or from stdin only.';
