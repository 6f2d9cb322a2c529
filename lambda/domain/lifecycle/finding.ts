import { DAY } from '../key-state.ts';
import { type Action, plan, type SweepPlan, together } from './action.ts';
import { FINDING, formatMark, markIn, note } from './notes.ts';
import { keyOf } from './notices.ts';
import type { Sighting } from './sighting.ts';

/** Something that is not as it should be, for as long as it lasts. */
export interface Finding {
  /** Lower-case words with hyphens; part of a tag's name. */
  readonly code: string;
  /** Which one: told anew when it changes. No spaces. */
  readonly about: string;
  readonly happened: string;
  readonly todo: string;
  /** Told again after so many days while it lasts. @default 7 */
  readonly againAfterDays?: number;
}

/** Tells what is new or still there after days, and forgets what is over. */
export function planFindings(sighting: Sighting, findings: readonly Finding[]): SweepPlan {
  const lasting = findings.map(({ code }) => note.finding(code));
  const over = [...sighting.facts.secret.tags.keys()]
    .filter((tag) => tag.startsWith(FINDING) && !lasting.includes(tag))
    .map((tag): Action => ({ do: 'forget', tag }));
  return together([...findings.map((finding) => tell(sighting, finding)), plan({ actions: over })]);
}

function tell(sighting: Sighting, finding: Finding): SweepPlan {
  const { code, about, happened, todo, againAfterDays = 7 } = finding;
  const { facts, now } = sighting;
  const tag = note.finding(code);
  const told = markIn(facts.secret.tags, tag);
  const elapsed = told ? now.getTime() - told.at.getTime() : Number.POSITIVE_INFINITY;
  if (told?.id === about && elapsed < againAfterDays * DAY) return plan();
  const subject = `Amplitude key ${keyOf(sighting)} needs a look: ${code.replaceAll('-', ' ')}`;
  return plan({
    notices: [{ kind: 'finding', subject, happened, todo }],
    actions: [{ do: 'remember', tag, value: formatMark({ id: about, at: now }) }],
  });
}
