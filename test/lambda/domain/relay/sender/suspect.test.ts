import { describe, expect, it } from 'vitest';
import { UNEXPLAINED } from '../../../../../lambda/domain/relay/sender/follow.ts';
import { isProven } from '../../../../../lambda/domain/relay/sender/suspect.ts';
import { runEvent } from '../../../relay.ts';

/** Handed out so often, and refused after Amplitude had taken two others. */
const suspect = (...receives: number[]) => {
  const content = runEvent();
  const messages = receives.map((times, at) => ({
    id: `message-${at}`,
    body: JSON.stringify(content),
    receives: times,
    content,
  }));
  const parcel = { event: content.event, bytes: 200, messages };
  return { parcel, reason: UNEXPLAINED, takenBefore: 2 };
};

describe('an event that Amplitude refuses without a word', () => {
  it.each([
    ['the first time', [1], 3, false],
    ['the third time, and others are taken after it', [3], 3, true],
    ['the third time, and none is taken after it', [3], 2, false],
    ['for a day, and there are no others', [120], 2, true],
    ['by one of its messages the third time', [1, 3], 3, true],
  ] as const)('%s', (_, receives, taken, expected) => {
    expect(isProven(suspect(...receives), taken)).toBe(expected);
  });
});
