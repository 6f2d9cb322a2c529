import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { bundled } from './bundles.ts';
import { isMet, median, pairedRatio, type Row } from './measurement.ts';
import { page } from './page.ts';

const row: Row = {
  what: 'cdk deploy of one environment',
  measured: 120,
  unit: 'ms',
  peer: { what: 'its SDK clients alone', measured: 100 },
};
const view = { columns: 100, paint: pc.createColors(false), now: new Date(0) };

describe('a bar', () => {
  it.each([
    [{ most: 120 }, true],
    [{ most: 119 }, false],
    [{ ratio: 1.2 }, true],
    [{ ratio: 1.19 }, false],
    [{ timesFaster: 0.83 }, true],
    [{ timesFaster: 0.84 }, false],
  ])('%j is met by 120 against 100: %s', (bar, met) => {
    expect(isMet({ ...row, bar })).toBe(met);
  });

  it('on a ratio goes by the pairs where there were any', () => {
    expect(isMet({ ...row, bar: { ratio: 1.1 }, ratio: 1.05 })).toBe(true);
    expect(isMet({ ...row, bar: { timesFaster: 2 }, ratio: 0.5 })).toBe(true);
  });

  it('that is on nothing is neither met nor missed', () => {
    expect(isMet(row)).toBeUndefined();
  });
});

describe('of several runs', () => {
  it('the median counts', () => {
    expect(median([9, 1, 100])).toBe(9);
    expect(median([9, 1, 100, 11])).toBe(10);
  });

  it('each is held against its neighbour, whatever else the machine did meanwhile', () => {
    expect(pairedRatio([10, 300, 20], [20, 600, 40])).toBe(0.5);
    expect(pairedRatio([10, 300, 20, 10], [20, 20, 20, 40])).toBe(0.75);
  });
});

describe('a page', () => {
  const lines = page('Import', [row, { ...row, bar: { ratio: 1.1 } }], view);

  it('fits a terminal', () => {
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(lines[2]).toMatch(/^ {2}cdk deploy of one environment {2}120 ms {4}its SDK /);
  });

  it('marks what was missed, and only that', () => {
    expect(lines.filter((line) => line.endsWith('✗ missed'))).toEqual([
      expect.stringContaining('1.20   ≤ 1.10'),
    ]);
  });
});

describe('the SDK alone', () => {
  it('is what a function imports of the SDK, and nothing of its own', () => {
    const text = Buffer.from(bundled('rotation', 'sdk alone')).toString();
    for (const name of [
      'SecretsManagerClient',
      'SSMClient',
      'SNSClient',
      'PutSecretValueCommand',
    ]) {
      expect(text).toContain(`${name}:()=>`);
    }
    expect(text).not.toContain('AWSCURRENT');
    expect(Buffer.from(bundled('rotation', 'deployed')).toString()).toContain('AWSCURRENT');
  });
});
