import { describe, expect, it } from 'vitest';
import { metric } from '../../lambda/contract.ts';
import { exampleKey, resourcesOf, synthesize } from './synthesized.ts';

/** AWS's list prices in US dollars a month, us-east-1, November 2026. */
const PRICE = {
  /** $1, and $1 more for each of its first two yearly rotations. */
  cmk: 3,
  metric: 0.3,
  alarmOfOneMetric: 0.1,
  secret: 0.4,
  secretsManagerCall: 0.05 / 10_000,
  kmsCall: 0.03 / 10_000,
};
const SWEEPS_A_MONTH = 730;
/** One DescribeSecret and a read of each labelled version: current, previous, retained. */
const READS_A_SWEEP = 3;

/** Of one environment in its steady state, without what is billed by traffic. */
function monthly(keys: number): number {
  const names = Array.from({ length: keys }, (_, index) => `key-${index}`);
  const template = synthesize({
    keys: Object.fromEntries(names.map((name) => [name, exampleKey])),
  });
  const count = (type: string) => resourcesOf(template, type).length;
  const calls = PRICE.secretsManagerCall * (1 + READS_A_SWEEP) + PRICE.kmsCall * READS_A_SWEEP;
  const secrets = count('AWS::SecretsManager::Secret');
  return (
    count('AWS::KMS::Key') * PRICE.cmk +
    Object.keys(metric).length * PRICE.metric +
    count('AWS::CloudWatch::Alarm') * PRICE.alarmOfOneMetric +
    secrets * (PRICE.secret + SWEEPS_A_MONTH * calls)
  );
}

describe('a month of one environment costs', () => {
  it('$10.50 before its keys, and so less than $12', () => {
    const base = monthly(1) - (monthly(2) - monthly(1));
    expect(base).toBeCloseTo(10.5);
    expect(base).toBeLessThanOrEqual(12);
  });

  it('$0.42 for each key, however many there are, and so less than $0.50', () => {
    const perKey = (monthly(20) - monthly(2)) / 18;
    expect(perKey).toBeCloseTo(0.42);
    expect(perKey).toBeLessThanOrEqual(0.5);
  });

  it('$0.10 an alarm, since each watches one metric', () => {
    for (const { Properties } of resourcesOf(synthesize(), 'AWS::CloudWatch::Alarm')) {
      expect(Properties).toHaveProperty('MetricName');
      expect(Properties).not.toHaveProperty('Metrics');
      expect(Properties.Period).toBeGreaterThanOrEqual(60);
    }
  });
});
