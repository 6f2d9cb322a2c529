import { KeysError } from '../../lambda/domain/errors.ts';
import { Refusal } from '../keyctl/refusal.ts';

/** Why a part could not be found out; the rest is told all the same. */
export interface Problem {
  readonly code: string;
  readonly message: string;
}

/** What was found, or why not. @throws what is no refusal */
export async function found<Thing>(
  work: Promise<Thing>,
): Promise<{ readonly thing: Thing } | { readonly problem: Problem }> {
  try {
    return { thing: await work };
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof KeysError)) throw error;
    const { code, message } = error;
    return { problem: { code, message } };
  }
}
