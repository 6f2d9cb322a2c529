import { describe, expect, it } from 'vitest';
import { billOf } from '../../bin/cost/bill.ts';
import { FREE_DASHBOARDS } from '../../bin/cost/prices.ts';
import { readTemplate } from '../../bin/cost/template.ts';
import { DEFAULT_ASSUMPTIONS } from '../../bin/cost/usage.ts';
import { METRIC_NAMESPACE, metric } from '../../lambda/contract.ts';
import { exampleKey, resourcesOf, synthesize } from './synthesized.ts';

const OPTIONS = { ...DEFAULT_ASSUMPTIONS, freeDashboards: FREE_DASHBOARDS };

const keysOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`key-${at}`, exampleKey]));

const bill = (over: object = {}) => billOf(readTemplate(synthesize(over).toJSON()), OPTIONS);

/** Whatever an environment can switch on. */
const EVERYTHING = {
  notify: ['soc@example.com', 'keys@example.com'],
  tracing: { layerArn: 'arn:aws:lambda:us-east-1:615299751070:layer:AWSOpenTelemetryDistroJs:9' },
  logSubscription: { destinationArn: 'arn:aws:lambda:us-east-1:111122223333:function:logs' },
  cloudTrailLogGroup: 'trail',
};
const GUARDED = { accessGuard: {} };
/** Without bundling, a database of countries is not looked for. */
const ANSWERING = { answer: 'quarantine', revokeAt: 95, geoDatabase: 'countries.mmdb' };

describe('a month of one environment costs', () => {
  const small = bill({ keys: keysOf(2) });
  const large = bill({ keys: keysOf(20) });

  it('$10.93 before its keys from the third year on, and so less than $12', () => {
    expect(small.base[2]).toBeCloseTo(10.93);
    expect(small.base[2]).toBeLessThanOrEqual(12);
  });

  it('$2 less in its second year, and $4 less in its first', () => {
    const [first, second, third] = small.base;
    expect(third - second).toBeCloseTo(2, 2);
    expect(third - first).toBeCloseTo(4, 2);
  });

  it('$0.43 for each key, however many there are, and so less than $0.50', () => {
    const further = (large.total[2] - small.total[2]) / 18;
    for (const perKey of [further, small.perKey[2], large.perKey[2]]) {
      expect(perKey).toBeCloseTo(0.43);
      expect(perKey).toBeLessThanOrEqual(0.5);
    }
  });

  it('what is known: every type of resource has a price or a reason to be free', () => {
    const all = { ...EVERYTHING, accessGuard: ANSWERING, relay: { key: 'key-0' }, keys: keysOf(1) };
    expect(bill(all).unpriced).toEqual([]);
  });

  it('a few cents more with everything that can be switched on', () => {
    const more = bill(EVERYTHING).total[2] - bill({ notify: [] }).total[2];
    expect(more).toBeGreaterThan(0);
    expect(more).toBeLessThan(0.05);
  });

  it('$3.08 more with an access guard for three keys, in lines of its own', () => {
    const [guarded, plain] = [bill({ ...GUARDED, keys: keysOf(3) }), bill({ keys: keysOf(3) })];
    expect(guarded.guard?.month[2]).toBeCloseTo(3.08);
    expect(guarded.total[2]).toBeCloseTo(plain.total[2] + (guarded.guard?.month[2] ?? 0), 10);
    expect(plain).not.toHaveProperty('guard');
    expect(guarded.base).toEqual(plain.base);
    expect(guarded.perKey).toEqual(plain.perKey);
  });

  it('nothing more for what a guard may do about a risk', () => {
    const [observing, answering] = [bill(GUARDED), bill({ accessGuard: ANSWERING })];
    expect(answering.guard?.month).toEqual(observing.guard?.month);
    expect(answering.total).toEqual(observing.total);
  });

  it('about $2.57 for a million events of a flood', () => {
    const perMillion = bill(GUARDED).guard?.perMillionEvents;
    expect(perMillion).toBeCloseTo(2.57, 2);
  });

  it('$4.98 more with a relay, in lines of its own, and $11.59 for a million executions', () => {
    const keys = keysOf(3);
    const [relayed, plain] = [bill({ relay: { key: 'key-0' }, keys }), bill({ keys })];
    expect(relayed.relay?.month[2]).toBeCloseTo(4.98);
    expect(relayed.relay?.perMillionEvents).toBeCloseTo(11.59);
    expect(relayed.total[2]).toBeCloseTo(plain.total[2] + (relayed.relay?.month[2] ?? 0), 10);
    expect([relayed.base, relayed.perKey]).toEqual([plain.base, plain.perKey]);
    expect(plain).not.toHaveProperty('relay');
    const both = bill({ relay: { key: 'key-0' }, ...GUARDED, keys });
    expect(both.relay).toEqual(relayed.relay);
    expect(both.guard).toEqual(bill({ ...GUARDED, keys }).guard);
  });

  it('as many metrics as its alarms and its dashboard show', () => {
    const template = synthesize();
    const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm')
      .filter(({ Properties }) => Properties.Namespace === METRIC_NAMESPACE)
      .map(({ Properties }) => JSON.stringify([Properties.MetricName, Properties.Dimensions]));
    const shown = JSON.stringify(resourcesOf(template, 'AWS::CloudWatch::Dashboard'));
    const named = [...shown.matchAll(new RegExp(`${METRIC_NAMESPACE}[\\\\",]+(\\w+)`, 'g'))];
    const names = [...alarms.map((one) => JSON.parse(one)[0]), ...named.map(([, name]) => name)];
    expect([...new Set(names)].sort()).toEqual(Object.values(metric).sort());
    const dimensions = new Map(alarms.map((one) => JSON.parse(one)));
    expect(dimensions.size).toBe(new Set(alarms).size);
  });
});
