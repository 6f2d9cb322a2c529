import { describe, expect, it } from 'vitest';
import { newsOf } from '../../../../../lambda/domain/access-guard/answer/news.ts';
import { answerTold } from '../../../../../lambda/domain/access-guard/answer/told.ts';
import type { QuarantineReport } from '../../../../../lambda/payloads.ts';
import { STRANGER } from './weighed.ts';

const quarantine: QuarantineReport = {
  id: '0a1b2c3d',
  denied: { session: 'AROAEXAMPLE:laptop', principal: STRANGER, address: '203.0.113.9' },
  principal: STRANGER,
  score: 90,
  reasons: [],
  eventId: 'e1',
  at: '2026-11-24T12:00:00.000Z',
  until: '2026-11-25T12:00:00.000Z',
};

describe('whoever is called reads', () => {
  it('who is denied what until when, and how to end it', () => {
    expect(answerTold({ word: 'quarantined', quarantine }, 'dev')).toEqual([
      `Quarantined until 2026-11-25T12:00:00.000Z, and denied every key of dev: ${STRANGER}, session AROAEXAMPLE:laptop, address 203.0.113.9. If it is one of yours: npx keyctl quarantine release 0a1b2c3d --env dev.`,
    ]);
  });

  it('what would have been denied, where the guard only observes', () => {
    const [told] = answerTold({ word: 'would-quarantine', quarantine }, 'dev');
    expect(told).toContain('Would have been quarantined until 2026-11-25T12:00:00.000Z');
    expect(told).not.toContain('release');
  });

  it('why no more was done, and what else is to be known', () => {
    const besides = ['the event bus was not told yet (THROTTLED)', 'IAM gave no answer'];
    expect(answerTold({ word: 'notified', why: 'it is ours', besides }, 'dev')).toEqual([
      'Not quarantined: it is ours.',
      'Besides: the event bus was not told yet (THROTTLED); IAM gave no answer.',
    ]);
  });

  it('that the key is being revoked', () => {
    expect(answerTold({ word: 'notified', isRevoked: true }, 'dev')).toEqual([
      'The emergency function was asked to revoke the key: npx keyctl status --env dev tells how far it is.',
    ]);
  });

  it('no key that somebody named a session by', () => {
    const key = '1f0e9d8c'.repeat(4);
    const denied = { session: `AROAEXAMPLE:${key}` };
    const told = answerTold({ word: 'quarantined', quarantine: { ...quarantine, denied } }, 'dev');
    expect(told.join()).not.toContain(key);
  });
});

describe('news', () => {
  it('is each quarantine, and each that begins again', () => {
    const ids = ['2026-11-24T12:00:00.000Z', '2026-11-26T12:00:00.000Z'].map(
      (at) => newsOf({ word: 'quarantined', quarantine: { ...quarantine, at } })?.id,
    );
    expect(new Set(ids).size).toBe(2);
  });

  it('is a revocation besides', () => {
    const quarantined = { word: 'quarantined', quarantine } as const;
    expect(newsOf({ ...quarantined, isRevoked: true })?.id).not.toBe(newsOf(quarantined)?.id);
    expect(newsOf({ word: 'notified', isRevoked: true })).toMatchObject({ isUrgent: true });
  });

  it('is that nobody else can be quarantined', () => {
    expect(newsOf({ word: 'notified', isHeldBack: true })).toMatchObject({ isUrgent: false });
  });

  it('is nothing else', () => {
    expect(newsOf({ word: 'notified', why: 'it is ours' })).toBeUndefined();
    expect(newsOf({ word: 'recorded' })).toBeUndefined();
    expect(newsOf({ word: 'would-quarantine', quarantine })).toBeUndefined();
  });
});
