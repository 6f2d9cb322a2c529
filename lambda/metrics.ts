import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import {
  GUARD_NOUN,
  guardMetric,
  METRIC_NAMESPACE,
  metric,
  type RelayNoun,
  relayMetric,
} from './contract.ts';

/** One count per environment as an embedded-metric log line: no call, no cost per key. */
export function countRotation(
  outcome: 'rotationSucceeded' | 'rotationFailed',
  environment: string,
): void {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: 'amplitude-rotation' });
  metrics.setDefaultDimensions({ environment });
  metrics.addMetric(metric[outcome], MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}

/**
 * A service that was not restarted, or an event that was not sent. Counted with what sweeps find,
 * whichever function it befell: one metric, one alarm.
 */
export const countHandOverFailure = (environment: string) =>
  publishMeasures(environment, { handOverFailed: 1 });

/** The numbers of one sweep; the worst key's, or how many. */
export function publishMeasures(
  environment: string,
  measures: Partial<Record<keyof typeof metric, number>>,
): void {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: 'amplitude-lifecycle' });
  metrics.setDefaultDimensions({ environment });
  for (const [name, value] of Object.entries(measures)) {
    metrics.addMetric(metric[name as keyof typeof metric], MetricUnit.NoUnit, value);
  }
  metrics.publishStoredMetrics();
}

/** What the access guard saw in one batch. Without reads it is silent of them, as if none had run. */
export function countGuarded(
  environment: string,
  { readsSeen, ...counts }: Readonly<Record<keyof typeof guardMetric, number>>,
): void {
  const serviceName = `amplitude-${GUARD_NOUN}`;
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName });
  metrics.setDefaultDimensions({ environment });
  const told = { ...(readsSeen > 0 ? { readsSeen } : {}), ...counts };
  for (const [name, value] of Object.entries(told)) {
    metrics.addMetric(guardMetric[name as keyof typeof guardMetric], MetricUnit.Count, value);
  }
  metrics.publishStoredMetrics();
}

type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];
const RELAY_UNITS: Readonly<Partial<Record<keyof typeof relayMetric, Unit>>> = {
  delaySeconds: MetricUnit.Seconds,
  waitingSeconds: MetricUnit.Seconds,
  held: MetricUnit.NoUnit,
};

/** What one of the relay's functions did in one invocation; what isn't named is silent. */
export function countRelayed(
  noun: RelayNoun,
  environment: string,
  measures: Readonly<Partial<Record<keyof typeof relayMetric, number>>>,
): void {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: `amplitude-${noun}` });
  metrics.setDefaultDimensions({ environment });
  for (const [name, value] of Object.entries(measures)) {
    const measure = name as keyof typeof relayMetric;
    metrics.addMetric(relayMetric[measure], RELAY_UNITS[measure] ?? MetricUnit.Count, value);
  }
  metrics.publishStoredMetrics();
}
