import type { KeyKind } from '../contract.ts';
import type { Fingerprint, SecretValue } from './secret-value.ts';

/** The JSON of one version: the key under its kind's field, and what makes its history checkable. */
export interface KeyDocument {
  readonly kind: KeyKind;
  readonly value: SecretValue;
  /** Name in Amplitude's UI, so that a person finds what to revoke; absent on a value put by hand. */
  readonly name?: string;
  /** Fingerprints of the keys held before, oldest first; absent on a value put by hand. */
  readonly held?: readonly Fingerprint[];
  /** The version this one is to replace, and whether it is a key. Absent on a value put by hand. */
  readonly replaces?: { readonly versionId: string; readonly content: 'key' | 'placeholder' };
}

/** What a read of one version gives. `empty`: the service's AWSPENDING before createSecret. */
export type VersionValue =
  | { readonly content: 'key'; readonly document: KeyDocument }
  | { readonly content: 'placeholder' }
  | { readonly content: 'empty' }
  | { readonly content: 'malformed'; readonly reason: string };

/** The field of the secret's JSON that consumers read, by kind. */
export const FIELD: Record<KeyKind, 'apiKey' | 'secretKey'> = {
  ingestion: 'apiKey',
  secret: 'secretKey',
};
