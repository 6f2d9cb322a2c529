import { metric } from '../../lambda/contract.ts';
import { eachYear, type Line, line } from './line.ts';
import { BILLED_ROTATIONS, PRICE } from './prices.ts';
import type { Resource } from './template.ts';

const DAYS_A_YEAR = 365;

/** KMS keeps each rotation's former key material, and takes money for the first two. */
export function kmsKeys(found: readonly Resource[]): Line[] {
  const rotated = (year: number) =>
    found
      .map(({ properties }) => rotationsOver(properties, (year + 1) * DAYS_A_YEAR))
      .reduce((sum, rotations) => sum + Math.min(BILLED_ROTATIONS, rotations), 0);
  return [
    line('base', 'KMS keys', found.length, PRICE.kmsKey),
    line('base', 'rotations of KMS keys, two each', eachYear(rotated), PRICE.kmsRotation),
  ];
}

/** By the end of a day, which may bring the next one. */
function rotationsOver(key: Resource['properties'], days: number): number {
  const { EnableKeyRotation, RotationPeriodInDays = DAYS_A_YEAR } = key;
  return EnableKeyRotation === true ? Math.ceil(days / Number(RotationPeriodInDays)) - 1 : 0;
}

export const secrets = (found: readonly Resource[]): Line[] => [
  line('keys', 'secrets, one for each key', found.length, PRICE.secret),
];

/** An alarm counts by the metrics that it watches. */
export function alarms(found: readonly Resource[]): Line[] {
  const fast = found.filter(({ properties }) => Number(properties.Period) < 60);
  const others = found.filter((one) => !fast.includes(one));
  return [
    line('base', 'alarms', watched(others), PRICE.alarmMetric),
    ...(fast.length > 0
      ? [line('base', 'alarms of periods below a minute', watched(fast), PRICE.fastAlarmMetric)]
      : []),
  ];
}

const watched = (found: readonly Resource[]) =>
  found.reduce((sum, { properties }) => {
    const metrics = (properties.Metrics ?? [{ MetricStat: {} }]) as { MetricStat?: object }[];
    return sum + metrics.filter(({ MetricStat }) => MetricStat !== undefined).length;
  }, 0);

/** What the functions write as metrics; the template has no resource for them. */
export const ownMetrics = (): Line[] => [
  line('base', 'metrics, however many keys', Object.keys(metric).length, PRICE.metric),
];

export function metricFilters(found: readonly Resource[]): Line[] {
  const metrics = found.flatMap(({ properties }) => properties.MetricTransformations as object[]);
  return [line('base', 'metrics of log filters', metrics.length, PRICE.metric)];
}

/** Beyond those that the account still has free. */
export function dashboards(found: readonly Resource[], free: number): Line[] {
  const billed = Math.max(0, found.length - free);
  return [line('base', 'dashboards after the first three', billed, PRICE.dashboard)];
}
