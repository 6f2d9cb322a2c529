import { InvalidParameterException, type RotationRulesType } from '@aws-sdk/client-secrets-manager';
import { raise } from './errors.ts';
import { refuseUnknown } from './operation.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Of the schedules only those that need no calendar: days, and `rate(90 days)`. */
export function parseRules(rules: RotationRulesType): RotationRulesType {
  refuseUnknown('RotationRules', rules, [
    'AutomaticallyAfterDays',
    'ScheduleExpression',
    'Duration',
  ]);
  const { AutomaticallyAfterDays: days, ScheduleExpression: schedule } = rules;
  if ((days === undefined) === (schedule === undefined)) {
    raise(
      InvalidParameterException,
      'RotationRules takes one of AutomaticallyAfterDays and ScheduleExpression.',
    );
  }
  const interval = intervalOf(rules);
  if (interval < 4 * HOUR || interval > 1000 * DAY) {
    raise(InvalidParameterException, 'A rotation happens every 4 hours to 1,000 days.');
  }
  return structuredClone(rules);
}

export function intervalOf({ AutomaticallyAfterDays, ScheduleExpression = '' }: RotationRulesType) {
  if (AutomaticallyAfterDays !== undefined) return AutomaticallyAfterDays * DAY;
  const [, count, unit] = /^rate\((\d+) (day|hour)s?\)$/.exec(ScheduleExpression) ?? [];
  if (!count) throw new Error(`The fake does not know the schedule ${ScheduleExpression}.`);
  return Number(count) * (unit === 'day' ? DAY : HOUR);
}
