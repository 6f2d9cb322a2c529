import { access, constants, realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { wrongUse } from '../keyctl/refusal.ts';
import { named } from '../operator/key-like.ts';

/** What is to be scanned. */
export interface Target {
  readonly folder: string;
  /** Its name in the folder, when it is a file. */
  readonly file?: string;
}

/** @throws Refusal WRONG_USE */
export async function targetAt(dir: string): Promise<Target> {
  try {
    const path = await realpath(dir);
    const status = await stat(path);
    if (status.isDirectory()) {
      await access(path, constants.R_OK | constants.X_OK);
      return { folder: path };
    }
    if (status.isFile()) return { folder: dirname(path), file: basename(path) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw wrongUse(`There is no folder or file${named(dir)} that can be opened (${code}).`);
  }
  throw wrongUse(`What is called${named(dir)} is neither a folder nor a file.`);
}
