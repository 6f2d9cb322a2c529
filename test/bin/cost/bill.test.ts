import { describe, expect, it } from 'vitest';
import { billOf } from '../../../bin/cost/bill.ts';
import { costOf } from '../../../bin/cost/line.ts';
import { readTemplate } from '../../../bin/cost/template.ts';
import { SMALL, templateOf } from './templates.ts';

const OPTIONS = { reads: 1_000, freeDashboards: 3 };

const bill = (more: Parameters<typeof templateOf>[0] = {}, options = OPTIONS) =>
  billOf(readTemplate(templateOf({ ...SMALL, ...more })), options);

/** What a month from the third year on costs more than without it. */
const added = (more: Parameters<typeof templateOf>[0], options = OPTIONS) =>
  bill(more, options).total[2] - bill({}, options).total[2];

const lineOf = (what: string, { lines } = bill()) => lines.filter((line) => line.what === what);

describe('the bill of a template', () => {
  it('sums up its lines, in the groups of base and keys', () => {
    const { lines, base, perKey, keys, total } = bill();
    const sum = lines.reduce((all, line) => all + costOf(line)[2], 0);
    expect(keys).toBe(1);
    expect(total[2]).toBeCloseTo(sum, 10);
    expect(base[2] + perKey[2]).toBeCloseTo(sum, 10);
  });

  it('grows by $1 in the second and in the third year for a KMS key that rotates yearly', () => {
    const [first, second, third] = bill().base;
    expect(second - first).toBeCloseTo(1, 2);
    expect(third - second).toBeCloseTo(1, 2);
  });

  it.each([
    ['a KMS key that rotates', ['AWS::KMS::Key', { EnableKeyRotation: true }], 3],
    [
      'one that rotates twice a year',
      ['AWS::KMS::Key', { EnableKeyRotation: true, RotationPeriodInDays: 180 }],
      3,
    ],
    ['one that does not rotate', ['AWS::KMS::Key'], 1],
    ['an alarm', ['AWS::CloudWatch::Alarm', { MetricName: 'Errors', Period: 60 }], 0.1],
    [
      'one of two metrics',
      [
        'AWS::CloudWatch::Alarm',
        { Metrics: [{ MetricStat: {} }, { MetricStat: {} }, { Expression: 'a+b' }] },
      ],
      0.2,
    ],
    [
      'one of a short period',
      ['AWS::CloudWatch::Alarm', { MetricName: 'Errors', Period: 10 }],
      0.3,
    ],
    ['a metric of a log filter', ['AWS::Logs::MetricFilter', { MetricTransformations: [{}] }], 0.3],
    ['a role', ['AWS::IAM::Role'], 0],
  ] as const)('grows by the price of %s', (_, resource, price) => {
    expect(added({ More: resource as never })).toBeCloseTo(price, 10);
  });

  it('grows with a secret by its price, its calls and its reads', () => {
    const calls = 730 * (4 * 0.000005 + 3 * 0.000003);
    const seconds = 730 * 0.5 * 0.5 * 0.0000133334;
    const reads = 1_000 * 0.000008;
    expect(added({ More: ['AWS::SecretsManager::Secret'] })).toBeCloseTo(
      0.4 + calls + seconds + reads,
      3,
    );
  });

  it('grows with what consumers read', () => {
    const more = bill({}, { ...OPTIONS, reads: 1_001_000 }).perKey[2] - bill().perKey[2];
    expect(more).toBeCloseTo(8);
  });

  it('takes $3 for a dashboard once the free ones of the account are used up', () => {
    const more = { More: ['AWS::CloudWatch::Dashboard'] } as const;
    expect(added(more)).toBeCloseTo(0, 10);
    expect(added(more, { ...OPTIONS, freeDashboards: 1 })).toBeCloseTo(3, 10);
  });

  it('counts sweeps and rotations by their schedules', () => {
    expect(lineOf('sweeps started by Scheduler')[0]?.counts[2]).toBe(730);
    const [, rotating] = lineOf('Lambda runs');
    expect(rotating?.counts[2]).toBeCloseTo((4 * 730) / (90 * 24));
    const [events] = lineOf('events of rotations');
    expect(events?.counts[2]).toBeCloseTo(730 / (90 * 24));
  });

  it('counts X-Ray traces where tracing is on, and e-mails where there are addresses', () => {
    expect(lineOf('X-Ray traces')).toEqual([]);
    expect(lineOf('e-mails')).toEqual([]);
    const [type, properties] = SMALL.Lifecycle;
    const traced = { ...properties, TracingConfig: { Mode: 'Active' } };
    const subscription = ['AWS::SNS::Subscription', { Protocol: 'email' }] as const;
    const more = bill({ Lifecycle: [type, traced], Subscription: subscription });
    expect(lineOf('X-Ray traces', more)[0]?.counts[2]).toBe(730);
    expect(lineOf('e-mails', more)[0]?.counts[2]).toBe(10);
  });

  it('keeps logs no longer than their retention, and the trail longer than the others', () => {
    const [base, keys] = lineOf('GB of logs kept');
    expect(base?.counts[1]).toBeCloseTo(base?.counts[2] ?? 0, 2);
    const trail = (bytes: readonly number[] = []) => (bytes[2] ?? 0) - (bytes[1] ?? 0);
    expect(trail(keys?.counts)).toBeGreaterThan(0);
  });

  it('names every type that it has no price for', () => {
    expect(bill().unpriced).toEqual([]);
    expect(bill({ Bucket: ['AWS::S3::Bucket'] }).unpriced).toEqual(['AWS::S3::Bucket']);
  });
});
