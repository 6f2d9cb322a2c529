import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { dimensionsOf, type Threshold } from './thresholds.ts';

/** Where a metric comes from, in the words of the alarms. */
export type Source = Pick<Threshold, 'namespace' | 'noun' | 'queue'>;

/** Metrics of an environment by the hour, as its dashboard shows them. */
export const hourlyMetrics =
  (environment: string) =>
  (source: Source, metricName: string, statistic: string, label: string): Metric =>
    new Metric({
      namespace: source.namespace,
      metricName,
      dimensionsMap: { ...dimensionsOf(source, environment) },
      statistic,
      label,
      period: Duration.hours(1),
    });
