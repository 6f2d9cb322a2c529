import { describe, expect, it } from 'vitest';
import { sequenceWith } from '../../../../../lambda/domain/access-guard/risk/sequences.ts';
import {
  NEAR,
  type Step,
  type StepKind,
} from '../../../../../lambda/domain/access-guard/risk/steps.ts';

const MINUTE = 60_000;
const START = new Date('2026-11-24T00:00:00Z').getTime();
const NETWORK = '198.51.100.0/24';

const step = (kind: StepKind, minute: number, detail = '-'): Step => ({
  kind,
  at: START + minute * MINUTE,
  detail,
});
const readAt = (minute: number, network = NETWORK) => step('read', minute, network);
const always = () => true;
const never = () => false;

describe('a sequence', () => {
  const LOOKED = [step('list', 0), step('look', 10), readAt(60)];
  const BLINDED = [step('trail', 0, 'StopLogging'), readAt(24 * 60)];
  const OPENED = [step('policy', 0, 'PutResourcePolicy'), readAt(24 * 60)];
  const SIGNED_IN = [step('login', 0), readAt(12 * 60)];

  it.each<[string, number, string, readonly Step[]]>([
    ['looked-around', 85, 'within 60 min secrets were listed, one was described', LOOKED],
    ['blinded-trail', 95, 'a key was read 24 h after StopLogging of a CloudTrail trail', BLINDED],
    ['opened-policy', 85, 'a key was read 24 h after PutResourcePolicy', OPENED],
    ['signed-in-without-mfa', 75, 'a key was read 12 h after a sign-in without MFA', SIGNED_IN],
  ])('%s is %d, whichever of its steps arrives last', (code, score, reason, steps) => {
    for (const last of steps) {
      const others = steps.filter((one) => one !== last).toReversed();
      expect(sequenceWith(last, others, always)).toEqual({
        code,
        score,
        reason: expect.stringContaining(reason),
        hasRead: true,
      });
    }
  });

  it.each<[string, readonly Step[]]>([
    ['in another order', [readAt(0), step('look', 10), step('list', 20)]],
    ['without a look', [step('list', 0), readAt(10)]],
    ['over more than an hour', [step('list', 0), step('look', 10), readAt(61)]],
    ['with a read before the sign-in', [readAt(0), step('login', 1)]],
    ['half a day after a sign-in', [step('login', 0), readAt(12 * 60 + 1)]],
    ['a day after a policy', [step('policy', 0), readAt(24 * 60 + 1)]],
    ['from near', [step('list', 0), step('look', 10), readAt(20, NEAR)]],
  ])('%s is none', (_, steps) => {
    for (const last of steps) {
      const others = steps.filter((one) => one !== last);
      expect(sequenceWith(last, others, always)).toBeUndefined();
    }
  });

  it('of looks needs a new place', () => {
    expect(sequenceWith(readAt(20), [step('list', 0), step('look', 10)], never)).toBeUndefined();
    expect(sequenceWith(readAt(20), [step('policy', 0)], never)).toMatchObject({
      code: 'opened-policy',
    });
  });

  it('within one second is one, whatever order its steps came in', () => {
    const steps = [step('list', 0), step('look', 0), readAt(0)];
    expect(sequenceWith(readAt(0), steps, always)?.reason).toContain('within 0 min');
  });

  it('is found among many steps, the nearest of each', () => {
    const lists = [-300, 0, 50].map((minute) => step('list', minute));
    const looks = [-200, 5, 70].map((minute) => step('look', minute));
    const found = sequenceWith(readAt(20), [...looks, ...lists], always);
    expect(found?.reason).toContain('within 20 min');
  });

  it('that a late step completes has the earliest read after it', () => {
    const reads = [readAt(-5), readAt(30), readAt(9)];
    const found = sequenceWith(step('trail', 0, 'DeleteTrail'), reads, always);
    expect(found?.reason).toContain('a key was read 9 min after DeleteTrail');
  });

  it('is the worst of several', () => {
    const steps = [step('login', 0), step('policy', 1), step('trail', 2, 'StopLogging')];
    expect(sequenceWith(readAt(3), steps, always)?.code).toBe('blinded-trail');
  });

  it('of a changed trail alone is one already, without a read', () => {
    expect(sequenceWith(step('trail', 0, 'StopLogging'), [readAt(-1)], always)).toEqual({
      code: 'trail-changed',
      score: 60,
      reason: 'StopLogging of a CloudTrail trail: what follows may be unseen',
      hasRead: false,
    });
    expect(sequenceWith(step('policy', 0), [], always)).toBeUndefined();
  });
});
