import { InvalidParameterException, type Tag } from '@aws-sdk/client-secrets-manager';
import { raise } from './errors.ts';
import type { Secret } from './secret.ts';

// https://docs.aws.amazon.com/secretsmanager/latest/userguide/managing-secrets_tagging.html
const MAX_TAGS = 50;
const ALPHABET = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export function setTags(secret: Secret, tags: readonly Tag[]): void {
  const next = new Map(secret.tags);
  for (const { Key = '', Value = '' } of tags) {
    const isLong = Key.length > 128 || Value.length > 256;
    if (!Key || isLong || /^aws:/i.test(Key) || !ALPHABET.test(Key + Value)) {
      raise(InvalidParameterException, `The tag ${Key} is not valid.`);
    }
    next.set(Key, Value);
  }
  if (next.size > MAX_TAGS) raise(InvalidParameterException, `Too many tags: ${next.size}.`);
  for (const [key, value] of next) secret.tags.set(key, value);
}
