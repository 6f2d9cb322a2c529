import type { KeyReport, WhichReport } from '../payloads.ts';

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
