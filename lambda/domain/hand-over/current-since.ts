import type { KeyFacts } from '../key-facts.ts';
import { currentOf, documentOf, promotedAt } from '../key-state.ts';
import { markIn, note } from '../lifecycle/notes.ts';
import { isMovedBack } from '../lifecycle/record.ts';

/**
 * When the current key became current; undefined while no key is. A version is made before it is
 * promoted, a rotation's up to a day, so whoever promotes it writes down when. `now` where that is
 * missing and can't be known: at worst a service is restarted once more.
 */
export function currentSince(facts: KeyFacts, now: Date): Date | undefined {
  const current = currentOf(facts);
  const document = documentOf(current);
  const made = promotedAt(facts);
  if (!current || !document) return undefined;
  const noted = markIn(facts.secret.tags, note.handOver);
  if (noted?.id === current.versionId) return noted.at;
  if (isMovedBack({ facts })) return now;
  // Named as a consumer after the rotation, or put by hand: current since it is there
  const isKnown = !noted || (document.replaces === undefined && made && made > noted.at);
  return isKnown ? made : now;
}
