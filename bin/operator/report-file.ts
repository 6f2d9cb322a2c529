import { access, constants, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { keyless } from '../../lambda/domain/keyless.ts';
import { Refusal, wrongUse } from '../keyctl/refusal.ts';
import { LEAKED_ADVICE } from './key-like.ts';

export const REPORT_OPTION = [
  '--report <file>',
  'writes the incident report there as Markdown, readable by you only',
] as const;

/** Found out before anything is done. @throws Refusal WRONG_USE, REPORT_EXISTS, REPORT_NOT_WRITABLE */
export async function requireWritable(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  if (keyless(file) !== file) {
    throw wrongUse(`The name of the report looks as if a key were in it. ${LEAKED_ADVICE}`);
  }
  if (await isThere(file)) throw exists(file);
  try {
    await access(dirname(file), constants.W_OK);
  } catch (error) {
    throw notWritable(file, error);
  }
}

/** Never over another file: it may be the report of an earlier run. @throws as `requireWritable` */
export async function writeReport(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST'
      ? exists(file)
      : notWritable(file, error);
  }
}

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

const exists = (file: string) =>
  new Refusal(
    'REPORT_EXISTS',
    `File ${file} exists already, and a report is never written over another. Name another file: --report <file>`,
  );

const notWritable = (file: string, cause: unknown) =>
  new Refusal(
    'REPORT_NOT_WRITABLE',
    `File ${file} can't be written (${(cause as NodeJS.ErrnoException).code}). Name one in a folder that exists and is yours: --report <file>`,
    { cause },
  );
