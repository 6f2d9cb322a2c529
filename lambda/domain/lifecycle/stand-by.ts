import { KeysError } from '../errors.ts';
import type { KeyFacts } from '../key-facts.ts';
import { DAY, dueAt, promotedAt } from '../key-state.ts';
import { plan, type SweepPlan } from './action.ts';
import { note } from './notes.ts';
import { command, keyOf } from './notices.ts';
import { type Sighting, standbyOf } from './sighting.ts';

/** Days before the due date at which a person is reminded, once each. */
const REMIND_BEFORE_DAYS = [1, 3, 7, 14, 21];
/** Days after a promotion from which a missing standby key is an alarm. */
const GRACE_DAYS = 7;

/** Reminds of the next key until it is staged. Only the sweep does: a rotation just fails. */
export function planStandby(sighting: Sighting): SweepPlan {
  const { facts, now } = sighting;
  const due = dueAt(facts);
  if (!due || standbyOf(sighting)) return plan();
  const step = reminderStep(due, facts.managed.rotateEveryDays, now);
  const said = `${due.toISOString()} ${step}`;
  if (step === undefined || facts.secret.tags.get(note.reminder) === said) return plan();
  const key = keyOf(sighting);
  const when = step > 0 ? `due on ${day(due)}, in ${days(step)}` : `overdue since ${day(due)}`;
  const notice = {
    kind: 'stage' as const,
    subject: `${step > 0 ? 'Stage' : 'Overdue: stage'} the next Amplitude key of ${key}`,
    happened: `The rotation of ${key} is ${when}, and ${missing(facts)}.`,
    todo: `Generate a key at Amplitude, then: ${command(sighting, 'stage')}`,
  };
  return plan({
    notices: [notice],
    told: [{ do: 'remember', tag: note.reminder, value: said }],
  });
}

/** Days that are left, as one of the steps; 0 and below count the days overdue. */
function reminderStep(due: Date, cycleDays: number, now: Date): number | undefined {
  const left = (due.getTime() - now.getTime()) / DAY;
  if (left <= 0) return Math.min(0, Math.ceil(left));
  return REMIND_BEFORE_DAYS.filter((step) => step < cycleDays / 2).find((step) => left <= step);
}

const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;
const day = (date: Date) => date.toISOString().slice(0, 10);

function missing({ staged }: KeyFacts): string {
  if (staged instanceof KeysError || staged.length === 0) return 'no key is staged';
  return staged.length > 1 ? `${staged.length} keys are staged` : 'the staged key can not be taken';
}

/**
 * Whether a standby key is missing where one is expected: always from a week after a promotion, or
 * only from the first reminder on.
 */
export function isStandbyMissing(sighting: Sighting): boolean {
  const { facts, now } = sighting;
  const promoted = promotedAt(facts);
  const due = dueAt(facts);
  if (!promoted || !due || standbyOf(sighting)) return false;
  const { standby, rotateEveryDays } = facts.managed;
  if (standby === 'before due') return reminderStep(due, rotateEveryDays, now) !== undefined;
  const grace = Math.min(GRACE_DAYS, rotateEveryDays / 4);
  return now.getTime() - promoted.getTime() >= grace * DAY;
}
