import {
  type SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import type { QuarantineTags } from '../domain/quarantine/ports.ts';
import { secretFailure } from './secrets-manager.ts';

export function quarantineTags(client: SecretsManagerClient): QuarantineTags {
  return {
    // What is to be denied comes first: of a change that fails in between, too much is denied
    async change(secretId, set, off) {
      const Tags = Object.entries(set).map(([Key, Value]) => ({ Key, Value }));
      if (Tags.length > 0) {
        const tagging = new TagResourceCommand({ SecretId: secretId, Tags });
        await client.send(tagging).catch((error: unknown) => {
          throw secretFailure('TagResource', secretId, error);
        });
      }
      if (off.length > 0) {
        const untagging = new UntagResourceCommand({ SecretId: secretId, TagKeys: [...off] });
        await client.send(untagging).catch((error: unknown) => {
          throw secretFailure('UntagResource', secretId, error);
        });
      }
    },
  };
}
