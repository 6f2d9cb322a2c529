import { describe, expect, it } from 'vitest';
import { sentOf } from '../../../lambda/adapters/batch-answer.ts';
import { runEvent } from '../relay.ts';

const KEY = '1f0e9d8c'.repeat(4);
const events = [
  runEvent({ user_id: 'user-a' }).event,
  runEvent({ user_id: 'user-b', device_id: 'device-b' }).event,
  runEvent({ user_id: 'user-c' }).event,
];
const answer = (status: number, body: unknown) =>
  sentOf(status, typeof body === 'string' ? body : JSON.stringify(body), events);
const reasons = (body: object) => {
  const sent = answer(400, { code: 400, error: 'Invalid', ...body });
  return sent.outcome === 'refused' ? [...sent.reasons] : sent;
};
const throttled = (body: object) => {
  const sent = answer(429, { code: 429, error: 'Too many requests', ...body });
  return sent.outcome === 'throttled' ? [...sent.indexes] : sent;
};

/** https://amplitude.com/docs/apis/analytics/batch-event-upload */
describe("an answer of Amplitude's Batch API", () => {
  it('with code 200 means that all were taken', () => {
    expect(answer(200, { code: 200, events_ingested: 3 })).toEqual({ outcome: 'taken' });
  });

  it.each(['', '<html>', '{}', '{"code":400}', '{"code":"200"}', 'null', '[]'])(
    'of status 200 is none of Amplitude: %s',
    (body) => {
      expect(answer(200, body)).toEqual({ outcome: 'unavailable', reason: 'not_amplitude' });
    },
  );

  it.each([400, 401, 403])('of status %i says that the key is rejected', (status) => {
    const body = { code: status, error: `Invalid API key: ${KEY}` };
    expect(answer(status, body)).toEqual({ outcome: 'key rejected' });
  });

  it('of status 413 says that it was too large, whatever its body', () => {
    expect(answer(413, '<html>')).toEqual({ outcome: 'too large' });
  });

  it.each([301, 307, 403, 404, 408, 500, 502, 503, 504])('of status %i is none', (status) => {
    expect(answer(status, { error: 'Invalid request' })).toEqual({
      outcome: 'unavailable',
      reason: `http_${status}`,
    });
  });

  it.each(['', '<html>', '{}', '[]', 'null'])(
    'of status 400 refuses some, whatever its body: %s',
    (body) => {
      expect(answer(400, body)).toEqual({ outcome: 'refused', reasons: new Map() });
    },
  );
});

describe('events that Amplitude refuses', () => {
  it('are named by their index, in several lists', () => {
    expect(reasons({ events_with_invalid_fields: { time: [0], user_id: [2] } })).toEqual([
      [0, 'invalid_time'],
      [2, 'invalid_user_id'],
    ]);
    expect(reasons({ events_with_missing_fields: { event_type: [1] } })).toEqual([
      [1, 'missing_event_type'],
    ]);
    expect(reasons({ events_with_invalid_id_lengths: { user_id: [1] } })).toEqual([
      [1, 'too_short_user_id'],
    ]);
    expect(reasons({ silenced_events: [2] })).toEqual([[2, 'silenced']]);
    expect(reasons({ silenced_devices: ['device-b'] })).toEqual([[1, 'silenced']]);
  });

  it('have one reason, the first', () => {
    const both = { events_with_invalid_fields: { time: [0] }, silenced_events: [0] };
    expect(reasons(both)).toEqual([[0, 'invalid_time']]);
  });

  it('may not be named, or be none of the batch', () => {
    expect(reasons({})).toEqual([]);
    expect(reasons({ silenced_events: [3, 99] })).toEqual([]);
  });

  it.each([null, {}, 'all', [1.5], [-1], ['a']])(
    'are named by the fields that are as documented, whatever another holds: %j',
    (odd) => {
      const others = { events_with_missing_fields: odd, silenced_devices: 7 };
      const fine = { events_with_invalid_fields: { time: [0] }, silenced_events: odd };
      expect(reasons({ ...others, ...fine })).toEqual([[0, 'invalid_time']]);
    },
  );

  it('are told without anything that Amplitude might quote', () => {
    expect(reasons({ events_with_invalid_fields: { [KEY]: [0], 'a b': [1] } })).toEqual([
      [0, 'invalid_field'],
      [1, 'invalid_field'],
    ]);
  });
});

describe('events of which too much came', () => {
  it('are named by index, by user or by device, for a second or for a day', () => {
    expect(throttled({ throttled_events: [0, 2] })).toEqual([0, 2]);
    expect(throttled({ throttled_users: { 'user-c': 1_001 } })).toEqual([2]);
    expect(throttled({ throttled_devices: { 'device-b': 1_001 } })).toEqual([1]);
    expect(throttled({ exceeded_daily_quota_users: { 'user-a': 500_001 } })).toEqual([0]);
    expect(throttled({ exceeded_daily_quota_devices: { 'device-b': 500_001 } })).toEqual([1]);
  });

  it('are named by the fields that are as documented, whatever another holds', () => {
    expect(
      throttled({ throttled_events: [1], throttled_devices: [], throttled_users: null }),
    ).toEqual([1]);
  });

  it.each(['', '<html>', '{}', '{"throttled_events":"all"}'])('may not be named: %s', (body) => {
    expect(answer(429, body)).toEqual({
      outcome: 'throttled',
      indexes: new Set(),
      waitMs: 15_000,
    });
  });
});
