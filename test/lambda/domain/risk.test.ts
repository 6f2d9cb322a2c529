import { describe, expect, it } from 'vitest';
import { type Exposure, riskOf } from '../../../lambda/domain/risk.ts';

const ordinary = { kind: 'ingestion', audience: 'server', sensitivity: 'normal' } as const;
const consumer = { principal: 'backend', known: true };
const stranger = { principal: 'thief', known: false };
const risk = (managed: Partial<Exposure['managed']>, over: Partial<Exposure> = {}) =>
  riskOf({ managed: { ...ordinary, ...managed }, readers: [consumer], complete: true, ...over });

describe('the risk is', () => {
  it.each([
    ['high', 'a secret key', { kind: 'secret' }, [consumer]],
    ['high', 'a secret key of the browser', { kind: 'secret', audience: 'browser' }, []],
    ['high', 'sensitive data', { sensitivity: 'sensitive' }, [consumer]],
    ['high', 'sensitive data, browser', { sensitivity: 'sensitive', audience: 'browser' }, []],
    ['high', 'a stranger', {}, [consumer, stranger]],
    ['medium', 'known consumers only', {}, [consumer]],
    ['medium', 'nobody known', {}, []],
    ['low', 'a browser key', { audience: 'browser' }, []],
    ['low', 'a browser key, whoever reads it', { audience: 'browser' }, [stranger]],
  ] as const)('%s for %s', (level, _, managed, readers) => {
    const { level: found, reasons } = risk(managed, { readers });
    expect(found).toBe(level);
    expect(reasons).not.toEqual([]);
  });

  it('told with all reasons that make it high', () => {
    const managed = { kind: 'secret', sensitivity: 'sensitive' } as const;
    expect(risk(managed, { readers: [stranger] }).reasons).toEqual([
      "A secret key: with its API key it reads and changes the project's data.",
      'The configuration says that it opens sensitive data.',
      "Readers that the configuration doesn't name: thief.",
    ]);
  });

  it('told with a few strangers by name', () => {
    const readers = Array.from({ length: 8 }, (_, index) => ({
      principal: `r${index}`,
      known: false,
    }));
    expect(risk({}, { readers }).reasons).toEqual([
      "Readers that the configuration doesn't name: r0, r1, r2, r3, r4 and 3 more.",
    ]);
  });

  it('not told as if all reads had been seen when they were not', () => {
    const { level, reasons } = risk({}, { readers: [], complete: false });
    expect(level).toBe('medium');
    expect(reasons).toEqual([
      'An ingestion key: it only writes events, and nobody is known to have read it.',
      'Not all reads could be seen: others may have read it.',
    ]);
    expect(risk({ audience: 'browser' }, { complete: false }).reasons).toHaveLength(1);
  });
});
