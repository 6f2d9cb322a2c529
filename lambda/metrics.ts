import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC_NAMESPACE, metric } from './contract.ts';

/** One count per environment as an embedded-metric log line: no call, no cost per key. */
export function countRotation(outcome: keyof typeof metric, environment: string): void {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: 'amplitude-rotation' });
  metrics.setDefaultDimensions({ environment });
  metrics.addMetric(metric[outcome], MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}
