import { describe, expect, it } from 'vitest';
import {
  compromisedLabel,
  parseCompromised,
  parseRetainedUntil,
  retainedUntilLabel,
  retainedUntilPattern,
} from '../../../lambda/domain/labels.ts';

const until = new Date('2026-12-24T01:50:07.000Z');

describe('a retention label', () => {
  it('states the deadline in UTC and the version it belongs to', () => {
    expect(retainedUntilLabel(until, '1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d')).toBe(
      'RETAINED-UNTIL-20261224T015007Z-1a2b3c4d',
    );
  });

  it('holds no colon, which ECS would take for a separator', () => {
    expect(retainedUntilLabel(until, '1a2b3c4d')).not.toContain(':');
  });

  it('gives back the deadline it was made of', () => {
    expect(parseRetainedUntil(retainedUntilLabel(until, 'terraform-2026'))).toEqual(until);
  });

  it('is understood whatever id whoever put the value chose for the version', () => {
    const id = 'by hand: no. 7 of the "web" keys';
    expect(parseRetainedUntil(retainedUntilLabel(until, id))).toEqual(until);
    expect(parseCompromised(compromisedLabel(until, id))).toEqual(until);
  });

  it('is told from those of other versions, whatever its deadline', () => {
    const isOf = (versionId: string, label: string) =>
      new RegExp(retainedUntilPattern(versionId)).test(label);
    const label = retainedUntilLabel(until, '1a2b3c4d-5e6f');
    expect(isOf('1a2b3c4d-5e6f', label)).toBe(true);
    expect(isOf('1a2b3c4e-5e6f', label)).toBe(false);
    expect(isOf('1a2b3c4d-5e6f', `X-${label}`)).toBe(false);
    expect(isOf('1a2b3c4d-5e6f', 'COMPROMISED-20261224T015007Z-1a2b3c4d')).toBe(false);
  });

  it('is told by a pattern that no version id breaks out of', () => {
    expect(retainedUntilPattern('/|".*)\\-and-more')).toMatch(/Z-(\[\\s\\S\]){7}-\$$/);
  });

  it('differs between two versions replaced within one second', () => {
    expect(retainedUntilLabel(until, 'aaaaaaaa')).not.toBe(retainedUntilLabel(until, 'bbbbbbbb'));
  });

  it.each([
    'AWSPREVIOUS',
    'RETAINED-UNTIL-20261332T015007Z-1a2b3c4d',
    'RETAINED-UNTIL-20260230T000000Z-1a2b3c4d',
    'RETAINED-UNTIL-20261224T015007Z-1a2b',
    'RETAINED-UNTIL-tomorrow-1a2b3c4d',
    'X-RETAINED-UNTIL-20261224T015007Z-1a2b3c4d',
  ])('is not what %s is', (label) => {
    expect(parseRetainedUntil(label)).toBeUndefined();
  });
});
