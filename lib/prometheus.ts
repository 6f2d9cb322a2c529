import {
  type FunctionNoun,
  GUARD_NOUN,
  guardMetric,
  METRIC_NAMESPACE,
  metric,
  relayMetric,
} from '../lambda/contract.ts';
import { revokeCommand } from './emergency-commands.ts';
import { dimensionsOf, type Threshold, thresholdsOf, type Watched } from './thresholds.ts';

/** A metric as Prometheus' CloudWatch exporter asks for it. */
type Source = Pick<
  Threshold,
  'namespace' | 'metric' | 'noun' | 'queue' | 'statistic' | 'periodMinutes'
>;

/** Alerting rules of Prometheus with the thresholds of CloudWatch's alarms. */
export function alertingRules(watched: Watched) {
  const { name: environment } = watched;
  const rules = thresholdsOf(watched).map((threshold) => ({
    alert: `Amplitude${threshold.name}`,
    expr: expression(threshold, environment),
    ...(pending(threshold) ? { for: pending(threshold) } : {}),
    labels: { environment },
    annotations: {
      summary: threshold.happened,
      runbook: `README, ${threshold.runbook}`,
      ...(threshold.mayBeLeak ? { if_leaked: revokeCommand(environment) } : {}),
    },
  }));
  return { groups: [{ name: `amplitude-keys-${environment}`, rules }] };
}

function expression(threshold: Threshold, environment: string): string {
  const { plus, silenceIsWrong, comparison, value } = threshold;
  const series = seriesOf(threshold, environment);
  if (silenceIsWrong) return `absent(${series})`;
  const added = plus ? ` + ${share({ ...threshold, metric: plus }, series, environment)}` : '';
  return `${series}${added} ${comparison} ${value}`;
}

/** Of what is added: the exporter has it by five minutes, and no value where there was none. */
function share(source: Source, series: string, environment: string): string {
  const times = PERIOD_SECONDS / (60 * source.periodMinutes);
  return `(${seriesOf(source, environment)} / ${times} or 0 * ${series})`;
}

/** Until the next sweep, or minute, agrees; of silence, until a scrape that failed was repeated. */
function pending({ silenceIsWrong, wrongPeriods = 1, periodMinutes }: Threshold) {
  if (silenceIsWrong) return '10m';
  const late = Math.min(10, periodMinutes);
  return wrongPeriods > 1 ? `${(wrongPeriods - 1) * periodMinutes + late}m` : undefined;
}

/** How the exporter names a series: `amplitudekeys_days_until_rotation_minimum{environment='prod'}`. */
export function seriesOf(source: Source, environment: string): string {
  const name = [source.namespace.toLowerCase(), snake(source.metric), snake(source.statistic)]
    .join('_')
    .replace(/[^a-z0-9_]/g, '_');
  const labels = Object.entries(dimensionsOf(source, environment)).map(
    ([dimension, value]) => `${snake(dimension)}='${value}'`,
  );
  return `${name}{${labels.join(', ')}}`;
}

const snake = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

/** Without a threshold, for dashboards. */
const SHOWN: readonly Source[] = [
  shown('rotation', metric.rotationSucceeded, 'Sum'),
  shown('lifecycle', metric.daysSinceRotation, 'Maximum'),
  shown('lifecycle', metric.retainedVersions, 'Maximum'),
  shown('lifecycle', metric.awaitingRevocation, 'Maximum'),
];

const SHOWN_OF_GUARD: readonly Source[] = [
  shown(GUARD_NOUN, guardMetric.suspiciousUses, 'Sum'),
  shown(GUARD_NOUN, guardMetric.highestRisk, 'Maximum'),
  shown(GUARD_NOUN, guardMetric.quarantines, 'Sum'),
];

const SHOWN_OF_RELAY: readonly Source[] = [
  shown('relay-intake', relayMetric.received, 'Sum'),
  shown('relay-intake', relayMetric.refused, 'Sum'),
  shown('relay-intake', relayMetric.scrubbed, 'Sum'),
  shown('relay-sender', relayMetric.sent, 'Sum'),
  shown('relay-sender', relayMetric.failed, 'Sum'),
  shown('relay-sender', relayMetric.delaySeconds, 'Maximum'),
];

function shown(noun: FunctionNoun, name: string, statistic: Source['statistic']): Source {
  const periodMinutes = noun === 'lifecycle' ? 60 : 5;
  return { namespace: METRIC_NAMESPACE, metric: name, noun, statistic, periodMinutes };
}

const PERIOD_SECONDS = 300;

/** Configuration of Prometheus' CloudWatch exporter for all metrics of an environment. */
export function exporterConfig(watched: Watched, region: string) {
  const { name: environment, accessGuard, relay } = watched;
  const others = [
    ...SHOWN,
    ...(accessGuard ? SHOWN_OF_GUARD : []),
    ...(relay ? SHOWN_OF_RELAY : []),
  ];
  const groups = Map.groupBy(
    [...thresholdsOf(watched).flatMap(readBy), ...others],
    (source) => `${source.namespace} ${source.metric}`,
  );
  return {
    region,
    // Of the newest five minutes that have a value: those of the last sweep.
    period_seconds: PERIOD_SECONDS,
    set_timestamp: false,
    metrics: [...groups.values()].map((sources) => exported(sources, environment)),
  };
}

const readBy = (threshold: Threshold): Source[] =>
  threshold.plus
    ? [threshold, { ...threshold, metric: threshold.plus, periodMinutes: PERIOD_SECONDS / 60 }]
    : [threshold];

/** One entry per metric: the exporter would name the series of two entries twice. */
function exported(sources: readonly Source[], environment: string) {
  const dimensions = sources.map((source) => dimensionsOf(source, environment));
  const names = unique(dimensions.flatMap(Object.keys));
  const select = names.map((name) => [name, unique(dimensions.map((each) => each[name]))]);
  const longest = 60 * Math.max(...sources.map(({ periodMinutes }) => periodMinutes));
  return {
    aws_namespace: sources[0]?.namespace,
    aws_metric_name: sources[0]?.metric,
    aws_dimensions: names,
    aws_dimension_select: Object.fromEntries(select),
    aws_statistics: unique(sources.map(({ statistic }) => statistic)),
    // Of a value that is older than three periods nothing is shown: silence is an alert.
    range_seconds: 3 * longest,
    // A sum of five minutes would be compared with that of one.
    ...(longest < PERIOD_SECONDS ? { period_seconds: longest } : {}),
  };
}

const unique = <T>(values: readonly T[]) => [...new Set(values)];
