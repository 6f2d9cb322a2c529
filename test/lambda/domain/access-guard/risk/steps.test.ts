import { describe, expect, it } from 'vitest';
import {
  keptSteps,
  keysOn,
  keyText,
  NEAR,
  type Step,
  stepIn,
  stepOf,
  stepText,
} from '../../../../../lambda/domain/access-guard/risk/steps.ts';
import {
  type CloudTrailRecord,
  changeOfSecret,
  changeOfTrail,
  consoleLogin,
  deniedRead,
  identityCenter,
  listSecrets,
  read,
  readThrough,
  role,
  throughEndpoint,
} from '../../../../aws/recorded/cloudtrail.ts';
import { caseOf, NOW, TODAY, weighingBy } from './past.ts';

const NAMED = { secretId: 'amplitude/dev/web' };
const refused = { more: { errorCode: 'AccessDenied' } };

describe('a step', () => {
  it.each<[string, CloudTrailRecord, Partial<Step> | undefined]>([
    ['a list of secrets', listSecrets(), { kind: 'list' }],
    ['a look at one', changeOfSecret('DescribeSecret'), { kind: 'look' }],
    ['a read', read(), { kind: 'read', detail: '192.0.2.0/24' }],
    [
      'a read through a VPC endpoint',
      read({ more: throughEndpoint }),
      { kind: 'read', detail: NEAR },
    ],
    ['a read through AWS', readThrough('ssm.amazonaws.com'), { kind: 'read', detail: NEAR }],
    ['a stopped trail', changeOfTrail('StopLogging'), { kind: 'trail', detail: 'StopLogging' }],
    ['a change of what it sees', changeOfTrail('UpdateTrail'), { kind: 'trail' }],
    ['insights of a trail', changeOfTrail('PutInsightSelectors'), undefined],
    [
      'a policy',
      changeOfSecret('PutResourcePolicy'),
      { kind: 'policy', detail: 'PutResourcePolicy' },
    ],
    ['another change', changeOfSecret('UpdateSecret'), undefined],
    ['a sign-in without MFA', consoleLogin({ mfaUsed: 'No' }), { kind: 'login' }],
    ['a sign-in with MFA', consoleLogin(), undefined],
    [
      'a sign-in by Identity Center',
      consoleLogin({ mfaUsed: 'No', by: identityCenter() }),
      undefined,
    ],
    ['a sign-in by SAML', consoleLogin({ mfaUsed: 'No', by: role('admin') }), undefined],
    ['a sign-in that failed', consoleLogin({ mfaUsed: 'No', failed: true }), undefined],
    ['a read that was refused', deniedRead(NAMED), undefined],
    ['a list that was refused', listSecrets(refused), undefined],
    ['a trail that goes on', changeOfTrail('StopLogging', refused), undefined],
  ])('is %s', (_, record, step) => {
    const found = stepOf(caseOf(record), weighingBy());
    if (step) expect(found).toMatchObject(step);
    else expect(found).toBeUndefined();
  });

  it('from a range of our own is from near', () => {
    const weighing = weighingBy({ ownRanges: ['192.0.2.0/24'] });
    expect(stepOf(caseOf(read()), weighing)?.detail).toBe(NEAR);
  });

  it('is remembered in a few words', () => {
    const step = { kind: 'read', at: 1_795_478_400_000, detail: '192.0.2.0/24' } as const;
    expect(stepText(step)).toBe(`read ${(1_795_478_400).toString(36)} 192.0.2.0/24`);
    expect(stepIn(stepText(step))).toEqual(step);
  });

  it('is nothing of another form', () => {
    for (const text of ['', 'read', keyText('web', TODAY), 'jump 1 x']) {
      const found = stepIn(text);
      expect(found === undefined || Number.isNaN(found.at)).toBe(true);
    }
  });
});

describe('the steps that are kept', () => {
  const ago = (minutes: number) => NOW.getTime() - minutes * 60_000;
  const textOf = (kind: Step['kind'], minutes: number, detail: string) =>
    stepText({ kind, at: ago(minutes), detail });

  it('are those of the last five days', () => {
    const texts = [textOf('list', 7_199, '-'), textOf('list', 7_201, '-')];
    expect(keptSteps(texts, NOW)).toHaveLength(1);
  });

  it('are the newest of each kind and network, so that one reader can not push another out', () => {
    const many = Array.from({ length: 50 }, (_, index) => textOf('read', index, '192.0.2.0/24'));
    const once = textOf('read', 300, '198.51.100.0/24');
    const kept = keptSteps([...many, once].reverse(), NOW);
    expect(kept).toHaveLength(9);
    expect(kept).toContain(once);
    expect(kept).toContain(many[0]);
  });

  it('are 64 of a kind, from however many networks', () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      textOf('read', index, `10.0.${index}.0/24`),
    );
    const kept = keptSteps([...many, textOf('trail', 900, 'StopLogging')], NOW);
    expect(kept).toHaveLength(65);
    expect(kept).toContain(many[0]);
  });

  it('have the keys of today and yesterday', () => {
    const texts = [0, 1, 2].map((days) => keyText('web', TODAY - days));
    expect(keptSteps(texts, NOW)).toEqual(texts.slice(0, 2));
    expect(keysOn([...texts, keyText('ios', TODAY)], TODAY)).toEqual(['key web', 'key ios']);
  });
});
