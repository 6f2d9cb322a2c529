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
  /** It is about the environment, and found at each of its keys. @default false */
  readonly ofAll?: boolean;
}

/** Codes whose rule can't judge now: what was found before stays found. */
export type Undecided = (code: string) => boolean;

/** Tells what is new or still there after days, and forgets what is over. */
export function planFindings(
  sighting: Sighting,
  findings: readonly Finding[],
  isUndecided: Undecided,
): SweepPlan {
  const lasting = findings.map(({ code }) => code);
  const over = [...sighting.facts.secret.tags.keys()]
    .filter((tag) => tag.startsWith(FINDING))
    .filter((tag) => {
      const code = tag.slice(FINDING.length);
      return !lasting.includes(code) && !isUndecided(code);
    })
    .map((tag): Action => ({ do: 'forget', tag }));
  return together([...findings.map((finding) => tell(sighting, finding)), plan({ actions: over })]);
}

function tell(sighting: Sighting, finding: Finding): SweepPlan {
  const { code, about, happened, todo, againAfterDays = 7, ofAll = false } = finding;
  const { facts, now } = sighting;
  const tag = note.finding(code);
  const told = markIn(facts.secret.tags, tag);
  const elapsed = told ? now.getTime() - told.at.getTime() : Number.POSITIVE_INFINITY;
  if (told?.id === about && elapsed < againAfterDays * DAY) return plan();
  const { environment } = facts.managed;
  const whose = ofAll ? `Amplitude environment ${environment}` : `Amplitude key ${keyOf(sighting)}`;
  const subject = `${whose} needs a look: ${code.replaceAll('-', ' ')}`;
  return plan({
    notices: [{ kind: 'finding', subject, happened, todo, ofAll }],
    told: [{ do: 'remember', tag, value: formatMark({ id: about, at: now }) }],
  });
}
