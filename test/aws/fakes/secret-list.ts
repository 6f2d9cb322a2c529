import type { Filter, ListSecretsRequest } from '@aws-sdk/client-secrets-manager';
import { type Operations, operation } from './operation.ts';
import type { Secret } from './secret.ts';
import { metadata } from './secret-catalogue.ts';
import { secretPage } from './secret-paging.ts';
import type { SecretStore } from './secret-store.ts';

export function listOperations(store: SecretStore): Operations {
  return {
    ListSecrets: operation<ListSecretsRequest, never>(
      [],
      ['Filters', 'MaxResults', 'NextToken', 'IncludePlannedDeletion'],
      (input) => list(store, input),
    ),
  };
}

function list(store: SecretStore, input: ListSecretsRequest) {
  const { Filters = [], IncludePlannedDeletion = false } = input;
  const wanted = store
    .all()
    .filter(({ deletionAt }) => IncludePlannedDeletion || !deletionAt)
    .filter((secret) => Filters.every((filter) => matches(secret, filter)));
  const { items, ...more } = secretPage(wanted, input);
  return { SecretList: items.map(entry), ...more };
}

function entry(secret: Secret) {
  const versions = secret.labelled();
  const some = Object.keys(versions).length > 0;
  return { ...metadata(secret), ...(some ? { SecretVersionsToStages: versions } : {}) };
}

/** All filters must match, each by the prefix of one of its values. */
function matches(secret: Secret, { Key, Values = [] }: Filter): boolean {
  const fields: Partial<Record<string, () => Iterable<string>>> = {
    name: () => [secret.name],
    'tag-key': () => secret.tags.keys(),
    'tag-value': () => secret.tags.values(),
  };
  const texts = fields[Key ?? '']?.();
  if (!texts) throw new Error(`The fake ListSecrets does not know the filter ${Key}.`);
  if (Values.some((value) => value.startsWith('!'))) {
    throw new Error('The fake ListSecrets does not know negated filters.');
  }
  return [...texts].some((text) => Values.some((value) => text.startsWith(value)));
}
