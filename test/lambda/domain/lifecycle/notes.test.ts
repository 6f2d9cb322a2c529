import { describe, expect, it } from 'vitest';
import { AWAITING, awaitingIn, markIn, note } from '../../../../lambda/domain/lifecycle/notes.ts';

const SINCE = '2026-11-24T00:00:00.000Z';
const awaiting = (text: string) => awaitingIn(new Map([[`${AWAITING}aaaaaaaa`, text]]), 'aaaaaaaa');

describe('a note on a secret', () => {
  it('that was cut short tells no earlier time: a key would seem rejected for long', () => {
    const cut = `since=${SINCE} asked=yes told=0 rejected=2026`;
    expect(awaiting(cut)).toEqual({ since: new Date(SINCE), asked: true, told: 0 });
    expect(awaiting('since=1 asked=yes')).toBeUndefined();
    expect(markIn(new Map([[note.pending, 'token 2026-11-24']]), note.pending)).toBeUndefined();
  });

  it.each(['1e999', '-1', '0x7', '٧', ''])('counts no days from %j', (told) => {
    expect(awaiting(`since=${SINCE} told=${told}`)).toMatchObject({ told: 0 });
  });
});
