import { describe, expect, it } from 'vitest';
import type { KeyDocument } from '../../../lambda/domain/key-document.ts';
import type { ManagedKey } from '../../../lambda/domain/managed-key.ts';
import { planPromotion, pushedOffBy } from '../../../lambda/domain/promotion.ts';
import { SecretValue } from '../../../lambda/domain/secret-value.ts';
import type { SecretDescription } from '../../../lambda/domain/versions.ts';

const now = new Date('2026-11-24T00:00:00Z');
const in30Days = '20261224T000000Z';
const managed: ManagedKey = {
  environment: 'dev',
  name: 'web',
  kind: 'ingestion',
  audience: 'server',
  owner: 'team',
  verification: 'query',
  retainPreviousDays: 30,
  rotateEveryDays: 90,
  standby: 'always',
  sensitivity: 'normal',
  consumers: [],
};

const FIRST = 'aaaaaaaa-1';
const CURRENT = 'bbbbbbbb-2';
const TOKEN = 'cccccccc-3';

function secretWith(versions: Record<string, string[]>): SecretDescription {
  return {
    arn: 'arn:secret',
    name: 'amplitude/dev/web',
    rotationEnabled: true,
    versions: new Map(Object.entries(versions)),
    tags: new Map(),
  };
}

function pendingDocument(over: Partial<KeyDocument> = {}): KeyDocument {
  return {
    kind: 'ingestion',
    value: new SecretValue('c'.repeat(32)),
    held: ['fp-current'],
    replaces: { versionId: CURRENT, content: 'key' },
    ...over,
  };
}

const plan = (
  versions: Record<string, string[]>,
  document = pendingDocument(),
  pushedOff?: string,
) => planPromotion(managed, secretWith(versions), TOKEN, document, now, pushedOff);

const retainCurrent = { label: `RETAINED-UNTIL-${in30Days}-bbbbbbbb`, to: CURRENT };
const moveCurrent = { label: 'AWSCURRENT', to: TOKEN, from: CURRENT };
const takePendingOff = { label: 'AWSPENDING', from: TOKEN };

describe('the plan of a promotion', () => {
  it('labels the current version before it moves AWSCURRENT, and takes AWSPENDING off last', () => {
    expect(plan({ [CURRENT]: ['AWSCURRENT'], [TOKEN]: ['AWSPENDING'] })).toEqual({
      moves: [retainCurrent, moveCurrent, takePendingOff],
      retained: CURRENT,
      retainedUntil: new Date('2026-12-24T00:00:00Z'),
    });
  });

  it('renews the deadline that a finishSecret left behind when it died before the move', () => {
    const early = 'RETAINED-UNTIL-20261220T000000Z-bbbbbbbb';
    expect(plan({ [CURRENT]: ['AWSCURRENT', early], [TOKEN]: ['AWSPENDING'] }).moves).toEqual([
      retainCurrent,
      { label: early, from: CURRENT },
      moveCurrent,
      takePendingOff,
    ]);
  });

  it('does not attach a label twice when it repeats within the same second', () => {
    const versions = { [CURRENT]: ['AWSCURRENT', retainCurrent.label], [TOKEN]: ['AWSPENDING'] };
    expect(plan(versions).moves).toEqual([moveCurrent, takePendingOff]);
  });

  it('never retains the placeholder', () => {
    const document = pendingDocument({
      held: [],
      replaces: { versionId: CURRENT, content: 'placeholder' },
    });
    const { moves, retained } = plan(
      { [CURRENT]: ['AWSCURRENT'], [TOKEN]: ['AWSPENDING'] },
      document,
    );
    expect(moves).toEqual([moveCurrent, takePendingOff]);
    expect(retained).toBeUndefined();
  });

  it('leaves an earlier key its own label and deadline at a second rotation', () => {
    const versions = {
      [FIRST]: ['AWSPREVIOUS', 'RETAINED-UNTIL-20261201T000000Z-aaaaaaaa'],
      [CURRENT]: ['AWSCURRENT'],
      [TOKEN]: ['AWSPENDING'],
    };
    const document = pendingDocument({ held: ['fp-first', 'fp-current'] });
    expect(plan(versions, document).moves).toEqual([retainCurrent, moveCurrent, takePendingOff]);
  });

  it('retains a key that a value put by hand pushed to AWSPREVIOUS, which is about to move on', () => {
    const versions = {
      [FIRST]: ['AWSPREVIOUS'],
      [CURRENT]: ['AWSCURRENT'],
      [TOKEN]: ['AWSPENDING'],
    };
    expect(plan(versions, pendingDocument(), FIRST).moves).toEqual([
      retainCurrent,
      { label: `RETAINED-UNTIL-${in30Days}-aaaaaaaa`, to: FIRST },
      moveCurrent,
      takePendingOff,
    ]);
  });

  it('retains the live key that a placeholder pushed aside', () => {
    const versions = {
      [FIRST]: ['AWSPREVIOUS'],
      [CURRENT]: ['AWSCURRENT'],
      [TOKEN]: ['AWSPENDING'],
    };
    const document = pendingDocument({
      held: ['fp-first'],
      replaces: { versionId: CURRENT, content: 'placeholder' },
    });
    expect(plan(versions, document, FIRST).moves[0]).toEqual({
      label: `RETAINED-UNTIL-${in30Days}-aaaaaaaa`,
      to: FIRST,
    });
  });

  it('leaves the placeholder behind the first key alone at the second rotation', () => {
    const versions = {
      [FIRST]: ['AWSPREVIOUS'],
      [CURRENT]: ['AWSCURRENT'],
      [TOKEN]: ['AWSPENDING'],
    };
    expect(plan(versions).moves).toEqual([retainCurrent, moveCurrent, takePendingOff]);
  });

  it.each([
    ['AWSPREVIOUS is all that it has', ['AWSPREVIOUS'], ['AWSPENDING'], FIRST],
    [
      'it has a deadline',
      ['AWSPREVIOUS', 'RETAINED-UNTIL-20261201T000000Z-aaaaaaaa'],
      ['AWSPENDING'],
      undefined,
    ],
    [
      'it leaked',
      ['AWSPREVIOUS', 'COMPROMISED-20261124T000000Z-aaaaaaaa'],
      ['AWSPENDING'],
      undefined,
    ],
    ['AWSCURRENT has moved already', ['AWSPREVIOUS'], ['AWSCURRENT'], undefined],
  ])('says which version the move would leave without a label: %s', (_, first, token, found) => {
    const versions = { [FIRST]: first, [CURRENT]: ['AWSCURRENT'], [TOKEN]: token };
    if (token.includes('AWSCURRENT')) versions[CURRENT] = [];
    expect(pushedOffBy(secretWith(versions), TOKEN)).toBe(found);
  });

  it('gives a compromised key no retention', () => {
    const versions = {
      [CURRENT]: ['AWSCURRENT', 'COMPROMISED-20261124T000000Z-bbbbbbbb'],
      [TOKEN]: ['AWSPENDING'],
    };
    expect(plan(versions).moves).toEqual([moveCurrent, takePendingOff]);
  });

  describe('when AWSCURRENT has moved already', () => {
    const retained = 'RETAINED-UNTIL-20261220T000000Z-bbbbbbbb';

    it('keeps the deadline that runs, and only takes AWSPENDING off', () => {
      const versions = {
        [CURRENT]: ['AWSPREVIOUS', retained],
        [TOKEN]: ['AWSCURRENT', 'AWSPENDING'],
      };
      expect(plan(versions)).toEqual({
        moves: [takePendingOff],
        retained: CURRENT,
        retainedUntil: new Date('2026-12-20T00:00:00Z'),
      });
    });

    it('has nothing left to do when all was done', () => {
      const versions = { [CURRENT]: ['AWSPREVIOUS', retained], [TOKEN]: ['AWSCURRENT'] };
      expect(plan(versions).moves).toEqual([]);
    });

    it('retains a previous key that somebody stripped of its label', () => {
      const versions = { [CURRENT]: ['AWSPREVIOUS'], [TOKEN]: ['AWSCURRENT'] };
      expect(plan(versions).moves).toEqual([retainCurrent]);
    });
  });

  it('refuses when the current key changed while the rotation ran', () => {
    const versions = { [FIRST]: ['AWSCURRENT'], [TOKEN]: ['AWSPENDING'] };
    expect(() => plan(versions)).toThrow(expect.objectContaining({ code: 'CURRENT_CHANGED' }));
  });

  it('refuses without a current version', () => {
    expect(() => plan({ [TOKEN]: ['AWSPENDING'] })).toThrow(
      expect.objectContaining({ code: 'CURRENT_MISSING' }),
    );
  });

  it('refuses when the 20 labels of a secret leave no room to retain', () => {
    const foreign = Array.from({ length: 18 }, (_, index) => `FOREIGN-${index}`);
    const versions = { [CURRENT]: ['AWSCURRENT', ...foreign], [TOKEN]: ['AWSPENDING'] };
    expect(() => plan(versions)).toThrow(expect.objectContaining({ code: 'LABEL_LIMIT' }));
  });
});
