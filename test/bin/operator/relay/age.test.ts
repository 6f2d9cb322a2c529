import { expect, it } from 'vitest';
import { ageOf } from '../../../../bin/operator/relay/age.ts';

const NOW = new Date('2026-11-24T02:00:00Z');
const failed = { visible: 2, inFlight: 1, delayed: 0 };
const oldestAt = (hoursAgo: number) => new Date(NOW.getTime() - hoursAgo * 3_600_000).toISOString();

it.each([
  ['all are young', 3, oldestAt(24), 'within a week'],
  ['one is as old as Amplitude remembers, but for an hour', 3, oldestAt(167), 'within a week'],
  ['one is older', 3, oldestAt(167.1), 'over a week'],
  ['one is older, whatever the others are', 1, oldestAt(200), 'over a week'],
  ['some were not looked at', 2, oldestAt(24), 'unknown'],
  ['more were looked at than SQS counted', 5, oldestAt(24), 'within a week'],
  ['none tells its time', 3, undefined, 'unknown'],
] as const)('%s', (_, looked, oldest, age) => {
  const failures = { looked, reasons: [], ...(oldest ? { oldestAt: oldest } : {}) };
  expect(ageOf(failures, failed, NOW)).toBe(age);
});
