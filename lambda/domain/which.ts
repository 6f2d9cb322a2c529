import type { KeyReport, UnreadableKey, WhichReport } from '../payloads.ts';

type Match = WhichReport['matches'][number];

/** Where a key is or was, by its fingerprint. */
export function which(fingerprint: string, keys: readonly KeyReport[]): Match[] {
  return keys.flatMap((report) => matchesIn(fingerprint, report));
}

function matchesIn(fingerprint: string, { key, versions, staged, held }: KeyReport): Match[] {
  const inVault = versions
    .filter((version) => version.fingerprint === fingerprint)
    .map(
      ({ versionId, state, name }): Match => ({ key, versionId, state, ...(name ? { name } : {}) }),
    );
  const waiting = staged
    .filter((one) => one.fingerprint === fingerprint)
    .map(({ name }): Match => ({ key, state: 'staged', name }));
  const found = [...inVault, ...waiting];
  if (found.length > 0 || !held.includes(fingerprint)) return found;
  return [{ key, state: 'held before' }];
}

/** What has no fingerprint, so that no search finds it: values that can't be read, or are no keys. */
export function unsearchable({ key, versions, stagedUnreadable }: KeyReport) {
  const errors = versions
    .filter(({ content }) => content === 'unreadable' || content === 'malformed')
    .map(({ content, state, versionId }) => ({
      code: `VALUE_${content.toUpperCase()}`,
      message: `Its ${state} version ${versionId} is ${content}, so its fingerprint isn't known: npx keyctl status`,
    }));
  if (stagedUnreadable !== undefined) {
    errors.push({ code: 'STAGED_UNREADABLE', message: stagedUnreadable });
  }
  return errors.map((error): UnreadableKey => ({ key, error }));
}
