import { readFile, rename, writeFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { Refusal } from '../keyctl/refusal.ts';
import { harmless } from '../operator/key-like.ts';
import type { KnownKeys } from './known-keys.ts';

/** Tells our file from another one of the same name. */
const MARK = 'keyctl scan --save';

const word = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}$/));
const STATES = [
  'current',
  'pending',
  'retained',
  'previous',
  'awaiting-revocation',
  'compromised',
  'foreign',
  'staged',
  'held before',
] as const;
const schema = z.object({
  savedBy: z.literal(MARK),
  at: z.iso.datetime(),
  environments: z.array(word).check(z.minLength(1)),
  keys: z.array(
    z.object({
      fingerprint: z.string().check(z.regex(/^[0-9a-f]{12}$/)),
      environment: word,
      key: word,
      audience: z.enum(['server', 'browser']),
      state: z.enum(STATES),
      versionId: z.exactOptional(z.string().check(z.regex(/^[0-9A-Za-z-]{1,64}$/))),
      name: z.exactOptional(z.string()),
    }),
  ),
  gaps: z.array(
    z.object({
      environment: word,
      key: z.exactOptional(word),
      code: z.string().check(z.regex(/^[A-Z_]+$/)),
      message: z.string(),
    }),
  ),
});

/** @throws Refusal FINGERPRINTS_UNREADABLE */
export async function readSavedKeys(file: string): Promise<KnownKeys> {
  const saved = parse(await readText(file));
  if (saved) return { ...saved, at: new Date(saved.at) };
  throw new Refusal(
    'FINGERPRINTS_UNREADABLE',
    `File ${file} was not written by keyctl scan --save, or was changed since. Write it again, where there are credentials of AWS: npx keyctl scan --save <file>`,
  );
}

/** Replaces what an earlier run saved, and no other file. @throws Refusal FINGERPRINTS_NOT_WRITABLE */
export async function saveKeys(file: string, { at, gaps, ...known }: KnownKeys): Promise<void> {
  const before = await readText(file).catch(() => undefined);
  if (before !== undefined && parse(before) === undefined) {
    throw new Refusal(
      'FINGERPRINTS_NOT_WRITABLE',
      `File ${file} holds something else than saved fingerprints, and is left as it is. Name another file: --save <file>`,
    );
  }
  const oneLine = gaps.map((gap) => ({ ...gap, message: gap.message.replace(/\s+/g, ' ') }));
  const saved = { savedBy: MARK, at: at.toISOString(), ...known, gaps: oneLine };
  try {
    await writeFile(`${file}.part`, `${JSON.stringify(saved, null, 2)}\n`);
    await rename(`${file}.part`, file);
  } catch (error) {
    throw new Refusal(
      'FINGERPRINTS_NOT_WRITABLE',
      `File ${file} can't be written (${(error as NodeJS.ErrnoException).code}). Name one in a folder that exists and is yours: --save <file>`,
      { cause: error },
    );
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Refusal(
      'FINGERPRINTS_UNREADABLE',
      `File ${file} can't be read (${(error as NodeJS.ErrnoException).code}). Write it where there are credentials of AWS: npx keyctl scan --save <file>`,
      { cause: error },
    );
  }
}

function parse(text: string) {
  try {
    const json = JSON.parse(text, (_name, value) =>
      typeof value === 'string' ? harmless(value) : value,
    );
    return schema.safeParse(json).data;
  } catch {
    return undefined;
  }
}
