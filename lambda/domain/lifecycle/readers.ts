import type { VersionFacts } from '../key-facts.ts';
import type { Read } from '../ports.ts';
import { namesOf } from '../versions.ts';
import type { Sighting } from './sighting.ts';

/** Who of the last day's readers named this very version. */
export function readersOf({ facts, reads }: Sighting, version: VersionFacts): string[] {
  if (!reads) return [];
  const names = namesOf(facts.secret);
  const named = reads.reads.filter(
    (read) =>
      names.includes(read.secretId) &&
      (read.versionId === version.versionId || version.labels.includes(read.label ?? '')),
  );
  const more = reads.complete ? '' : ' CloudTrail gave no complete answer, there may be more.';
  if (named.length === 0) {
    return [`Nobody but this worker is known to have read it in the last 24 hours.${more}`];
  }
  return [`Read in the last 24 hours, by a straggler or a thief: ${told(named)}.${more}`];
}

function told(reads: readonly Read[]): string {
  const byPrincipal = Map.groupBy(reads, ({ principal }) => principal);
  const counted = [...byPrincipal].map(([principal, theirs]) => {
    const last = theirs
      .map(({ at }) => at.toISOString())
      .sort()
      .at(-1);
    return `${principal} (${theirs.length} ${theirs.length === 1 ? 'time' : 'times'}, last ${last})`;
  });
  return counted.join(', ');
}
