/**
 * Whether a text may hold an e-mail address, however its sign is written: any `@` is one, since
 * neither names nor ids need it.
 */
export function mayBeEmail(text: string): boolean {
  const spelled = spelledOut(text.slice(0, MOST_CHARACTERS));
  return spelled === undefined || /@|\S\s*[([]\s*at\s*[)\]]\s*\S/i.test(spelled);
}

/** No name, no id and no address is longer, and the time of NFKC may grow with the square. */
const MOST_CHARACTERS = 1_000;
const ROUNDS = 8;

/** @returns undefined of what is still encoded after so many rounds */
function spelledOut(text: string): string | undefined {
  let spelled = text;
  for (let round = 0; round < ROUNDS; round++) {
    const before = spelled;
    spelled = decoded(before).normalize('NFKC').replace(INVISIBLE, '');
    if (spelled === before) return spelled;
  }
  return undefined;
}

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

const decoded = (text: string) =>
  text
    // Of URLs and of quoted-printable; by bytes, so that a malformed one doesn't hide those beside it
    .replace(/(?:[%=][\da-f]{2})+/gi, (run) =>
      Buffer.from(run.replaceAll(/[%=]/g, ''), 'hex').toString('utf8'),
    )
    .replace(/&#x([\da-f]+);?/gi, (entity, hex) => characterOf(Number.parseInt(hex, 16)) ?? entity)
    .replace(/&#(\d+);?/g, (entity, digits) => characterOf(Number(digits)) ?? entity)
    .replace(/&commat;/gi, '@')
    .replace(/&amp;?/gi, '&');

const characterOf = (code: number) => (code <= 0x10ffff ? String.fromCodePoint(code) : undefined);
