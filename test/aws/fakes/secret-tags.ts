import { InvalidParameterException, type Tag } from '@aws-sdk/client-secrets-manager';
import { raise } from './errors.ts';
import type { Secret } from './secret.ts';

// https://docs.aws.amazon.com/secretsmanager/latest/userguide/managing-secrets_tagging.html
const MAX_TAGS = 50;

export function setTags(secret: Secret, tags: readonly Tag[]): void {
  const next = new Map(secret.tags);
  for (const { Key = '', Value = '' } of tags) {
    if (Key.length < 1 || Key.length > 128 || Value.length > 256 || /^aws:/i.test(Key)) {
      raise(InvalidParameterException, `The tag ${Key} is not valid.`);
    }
    next.set(Key, Value);
  }
  if (next.size > MAX_TAGS) raise(InvalidParameterException, `Too many tags: ${next.size}.`);
  for (const [key, value] of next) secret.tags.set(key, value);
}
