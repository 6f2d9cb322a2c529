import { stagedName } from '../contract.ts';
import { KeysError } from './errors.ts';
import type { Incumbent } from './incumbent.ts';
import type { KeyDocument } from './key-document.ts';
import type { ManagedKey } from './managed-key.ts';
import type { StagedKey } from './ports.ts';

/**
 * The one staged key, if it may follow the current one.
 * @throws KeysError NOTHING_STAGED, SEVERAL_KEYS_STAGED and the refusals of `refuseCandidate`
 */
export function chooseCandidate(
  managed: ManagedKey,
  staged: readonly StagedKey[],
  incumbent: Incumbent,
): StagedKey {
  const [candidate, ...others] = staged;
  const key = `${managed.environment}/${managed.name}`;
  const fields = { environment: managed.environment, key: managed.name };
  if (!candidate) {
    throw new KeysError(
      'NOTHING_STAGED',
      `No key is staged for ${key}, the current key stays. Generate one at Amplitude and run: npx keyctl stage --env ${managed.environment} --key ${managed.name}`,
      fields,
    );
  }
  if (others.length > 0) {
    const fingerprints = staged.map(({ id }) => id).join(', ');
    throw new KeysError(
      'SEVERAL_KEYS_STAGED',
      `${staged.length} keys are staged for ${key} (${fingerprints}), the current key stays. Take all but one back: npx keyctl unstage --env ${managed.environment} --key ${managed.name} --fingerprint <one>`,
      fields,
    );
  }
  refuseCandidate(managed, candidate, incumbent);
  return candidate;
}

/** @throws KeysError KEY_FORMAT, STAGED_NAME_MISMATCH, VALUE_MALFORMED, KEY_IS_CURRENT, KEY_HELD_BEFORE */
export function refuseCandidate(managed: ManagedKey, candidate: StagedKey, incumbent: Incumbent) {
  const { environment, name } = managed;
  const { fingerprint } = candidate.value;
  const fields = { environment, key: name, fingerprint };
  const unstage = `npx keyctl unstage --env ${environment} --key ${name} --fingerprint ${candidate.id}`;
  const refuse = (code: ConstructorParameters<typeof KeysError>[0], message: string) =>
    new KeysError(code, message, fields);
  if (!candidate.value.wellFormed) {
    throw refuse(
      'KEY_FORMAT',
      `The key staged for ${environment}/${name} is not 32 lower-case hex characters. Take it back and stage it again: ${unstage}`,
    );
  }
  if (candidate.id !== fingerprint) {
    throw refuse(
      'STAGED_NAME_MISMATCH',
      `Parameter ${stagedName(environment, name, candidate.id)} holds a key with fingerprint ${fingerprint}: it was changed after staging. Take it back and stage it again: ${unstage}`,
    );
  }
  if (currentFingerprint(managed, incumbent) === fingerprint) {
    throw refuse(
      'KEY_IS_CURRENT',
      `The key staged for ${environment}/${name} (${fingerprint}) is the current one. Generate another at Amplitude; take this one back: ${unstage}`,
    );
  }
  if ([...incumbent.held, ...incumbent.barred].includes(fingerprint)) {
    throw refuse(
      'KEY_HELD_BEFORE',
      `The key staged for ${environment}/${name} (${fingerprint}) was held before, and a replaced or leaked key never comes back. Generate another at Amplitude; take this one back: ${unstage}`,
    );
  }
}

function currentFingerprint(managed: ManagedKey, { value, versionId }: Incumbent) {
  if (value.content === 'key') return value.document.value.fingerprint;
  if (value.content === 'placeholder') return undefined;
  const reason = value.content === 'empty' ? 'it has no value' : value.reason;
  throw new KeysError(
    'VALUE_MALFORMED',
    `The current value of ${managed.environment}/${managed.name} can't be understood (${reason}), so it is not replaced. Put a value of the form {"apiKey":"…"} by hand, or restore it from AWSPREVIOUS.`,
    { environment: managed.environment, key: managed.name, versionId },
  );
}

/**
 * The document of the next version. A pure function of what is stored, without a time in it, so that
 * a repeated createSecret writes the same bytes, which Secrets Manager takes as no change.
 */
export function nextDocument(
  { kind }: ManagedKey,
  candidate: StagedKey,
  { value, held, versionId }: Incumbent,
): KeyDocument {
  const name = candidate.name === undefined ? {} : { name: candidate.name };
  const document = { kind, value: candidate.value, ...name };
  return value.content === 'key'
    ? {
        ...document,
        held: [...held, value.document.value.fingerprint],
        replaces: { versionId, content: 'key' },
      }
    : { ...document, held, replaces: { versionId, content: 'placeholder' } };
}
