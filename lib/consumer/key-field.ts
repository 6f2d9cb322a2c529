import { KeysError } from '../../lambda/domain/errors.ts';

/** `apiKey`, or of a secret key `secretKey`. */
export function keyOf(secretId: string, json: unknown): string {
  const { placeholder, apiKey, secretKey } = (json ?? {}) as Record<string, unknown>;
  if (placeholder !== undefined) {
    throw new KeysError(
      'NO_KEY_YET',
      `The secret ${secretId} has no Amplitude key yet, only a placeholder. Stage the key in use, then rotate, in the repository of amplitude-keys: npx keyctl stage --help`,
    );
  }
  const key = apiKey ?? secretKey;
  if (typeof key === 'string' && key !== '') return key;
  throw malformed(secretId, 'its JSON has neither apiKey nor secretKey');
}

export const malformed = (secretId: string, reason: string) =>
  new KeysError(
    'VALUE_MALFORMED',
    `The secret ${secretId} holds no Amplitude key: ${reason}. Put it right by a rotation, in the repository of amplitude-keys: npx keyctl stage, then npx keyctl rotate.`,
  );
