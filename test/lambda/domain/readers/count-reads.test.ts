import { expect, it } from 'vitest';
import type { TrailEvent } from '../../../../lambda/domain/activity.ts';
import { countHours, countReads } from '../../../../lambda/domain/readers/count-reads.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);
const event = (hours: number, more: Partial<TrailEvent> = {}): TrailEvent => ({
  name: 'GetSecretValue',
  at: hoursAgo(hours),
  principal: 'p',
  secretId: 's',
  text: '{}',
  ...more,
});

it('reads are counted by secret and principal, refused ones apart, to the ends of their periods', () => {
  const events = [
    ...[1, 72, 72.1, 720, 720.1].map((hours) => event(hours)),
    event(2, { error: 'AccessDenied' }),
    event(3, { error: 'DecryptionFailure' }),
    event(4, { principal: 'q' }),
  ];
  const { secretId: _, ...nameless } = event(1);
  const one = { secretId: 's', principal: 'p' };
  expect(countReads([...events, nameless], NOW)).toEqual([
    {
      ...one,
      refused: false,
      first: hoursAgo(720.1),
      last: hoursAgo(1),
      in72Hours: 2,
      in30Days: 4,
    },
    { ...one, refused: true, first: hoursAgo(3), last: hoursAgo(2), in72Hours: 2, in30Days: 2 },
    {
      ...one,
      principal: 'q',
      refused: false,
      first: hoursAgo(4),
      last: hoursAgo(4),
      in72Hours: 1,
      in30Days: 1,
    },
  ]);
});

it('reads of the last 72 hours are counted by the hour of UTC they are in, without refused ones', () => {
  const events = [
    ...[0.9, 0.1, 1, 72, 72.1].map((hours) => event(hours)),
    event(2, { error: 'AccessDenied' }),
    event(0.5, { principal: 'q' }),
    event(0.5, { secretId: 't' }),
  ];
  const { secretId: _, ...nameless } = event(1);
  const one = { secretId: 's', principal: 'p' };
  expect(countHours([...events, nameless], NOW)).toEqual([
    { ...one, hour: hoursAgo(1), reads: 3 },
    { ...one, hour: hoursAgo(72), reads: 1 },
    { ...one, principal: 'q', hour: hoursAgo(1), reads: 1 },
    { ...one, secretId: 't', hour: hoursAgo(1), reads: 1 },
  ]);
});
