import type { Truth } from '../payloads.ts';
import type { KeyDocument } from './key-document.ts';
import { pressRevoke } from './lifecycle/notices.ts';
import type { Project } from './lifecycle/sighting.ts';
import type { Verdict } from './verdict.ts';

/** The first line of every plan and report, whatever else was done. */
export function truthOf(
  project: Project,
  document: KeyDocument | undefined,
  verdict: Verdict | undefined,
): Truth {
  const press = document ? ` ${pressRevoke(project, document)}` : '';
  const revoked = isRevoked(document, verdict);
  return {
    text: `Whoever holds the value can use it until Revoke is pressed at Amplitude.${press} ${SAYS[revoked]}`,
    revoked,
  };
}

/**
 * A key that only the other region accepts is in use there. A secret key is rejected together with
 * its API key, and which of the two it was for isn't told.
 */
function isRevoked(
  document: KeyDocument | undefined,
  verdict: Verdict | undefined,
): Truth['revoked'] {
  const words = [verdict?.word, verdict?.otherRegion?.word];
  if (words.includes('accepted')) return 'no';
  return verdict?.word === 'rejected' && document?.kind !== 'secret' ? 'yes' : 'unknown';
}

const SAYS = {
  yes: 'Amplitude rejects it now; for six hours that may not hold everywhere.',
  no: 'Amplitude still accepts it.',
  unknown: 'Whether Amplitude still accepts it is not known.',
} as const;
