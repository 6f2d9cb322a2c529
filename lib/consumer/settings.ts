import { KeysError } from '../../lambda/domain/errors.ts';
import { mayHoldKey } from '../../lambda/domain/keyless.ts';

/** What a program gave, often from its environment. @throws KeysError SETTING_INVALID */
export function checkSettings(secretId: unknown, maxAge: unknown): void {
  if (typeof secretId !== 'string' || secretId === '') {
    throw settingInvalid(
      'amplitudeKey was given no secretId. Give it the name or ARN of a secret, such as amplitude/prod/server: is the variable set that holds it?',
    );
  }
  // Errors name the secret, and AWS logs what it is asked for
  if (mayHoldKey(secretId)) {
    throw settingInvalid(
      'The secretId of amplitudeKey looks like a key. Give it the name or ARN of the secret that holds the key, such as amplitude/prod/server.',
    );
  }
  // Of text or NaN, the cache would make a secret that is never read again
  if (typeof maxAge !== 'number' || !Number.isFinite(maxAge) || maxAge < 0) {
    throw settingInvalid(
      `The maxAge of amplitudeKey for secret ${secretId} is no number of seconds. Give it one, such as 300, or leave it out.`,
    );
  }
}

export const settingInvalid = (message: string, cause?: unknown) =>
  new KeysError('SETTING_INVALID', message, {}, cause);
