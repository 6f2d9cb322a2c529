import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  LogQueryWidget,
  type Metric,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import {
  type FunctionNoun,
  functionName,
  GUARD_NOUN,
  guardMetric,
  METRIC_NAMESPACE,
  metric,
  nounsOf,
  stackName,
} from '../lambda/contract.ts';
import { hourlyMetrics } from './hourly-metrics.ts';
import { relayWidgets } from './relay-widgets.ts';
import type { Trail } from './trail.ts';
import type { UsageRecord } from './usage-record.ts';

export interface KeysDashboardProps {
  readonly environment: string;
  /** Whose state is shown. */
  readonly alarms: readonly Alarm[];
  readonly trail: Trail;
  /** Where there is an access guard. */
  readonly guard?: Guarded | undefined;
  readonly isRelayed: boolean;
}

interface Guarded {
  readonly usage: UsageRecord;
  /** Risk from which on a use is shown. */
  readonly notifyAt: number;
}

/**
 * The life of the keys at a glance: the worst key of the environment, as the alarms see it, and a
 * row for each key from the sweep's own log lines, whose number costs nothing. AWS
 * charges nothing for an account's first three dashboards, and $3 a month for each further one.
 */
export class KeysDashboard extends Dashboard {
  constructor(scope: Construct, id: string, props: KeysDashboardProps) {
    const { environment, alarms, trail, guard, isRelayed } = props;
    super(scope, id, { dashboardName: stackName(environment), defaultInterval: Duration.days(30) });
    const { keys, rotations, uses, risks, functions } = metricsOf(
      environment,
      nounsOf({ isGuarded: guard !== undefined, isRelayed }),
    );
    this.addWidgets(
      new SingleValueWidget({ title: 'Keys, as of the last sweep', metrics: keys, width: 24 }),
    );
    this.addWidgets(
      new LogQueryWidget({
        title: 'Each key, as of its last sweep',
        logGroupNames: [`/aws/lambda/${functionName(environment, 'lifecycle')}`],
        queryLines: ['filter message = "Key swept"', `stats ${EACH_KEY} by metadata.key as key`],
        width: 24,
        height: 6,
      }),
    );
    this.addWidgets(
      new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], ...half }),
      new LogQueryWidget({
        title: 'Latest transitions',
        logGroupNames: [trail.logGroupName],
        queryLines: [
          'fields at, key, transition, by, name, fingerprint, detail',
          'sort at desc',
          'limit 20',
        ],
        ...half,
      }),
    );
    this.addWidgets(
      new GraphWidget({ title: 'Days', left: keys.slice(0, 2), ...half }),
      new GraphWidget({ title: 'Rotations', left: rotations, ...half }),
    );
    if (guard) this.addUsage(guard, uses);
    if (guard) this.addRisks(guard, risks);
    if (isRelayed) this.addWidgets(...relayWidgets(environment));
    this.addWidgets(
      new GraphWidget({
        title: 'Errors of the functions',
        left: functions('Errors', 'Sum'),
        ...half,
      }),
      new GraphWidget({
        title: 'Longest run of the functions',
        left: functions('Duration', 'Maximum'),
        ...half,
      }),
    );
  }

  private addUsage({ usage }: Guarded, uses: Metric[]) {
    this.addWidgets(
      new LogQueryWidget({
        title: 'Reads of keys, by principal and hour',
        logGroupNames: [usage.logGroupName],
        queryLines: [
          'filter event_type = "API_KEY_USED"',
          // A line may be written twice, and its event is one.
          'stats count_distinct(event_id) as reads by bin(1h) as hour, principal, verdict',
          'sort hour desc, reads desc',
          'limit 100',
        ],
        ...half,
      }),
      new GraphWidget({ title: 'Access guard', left: uses, ...half }),
    );
  }

  private addRisks({ usage, notifyAt }: Guarded, [highest, begun]: readonly [Metric, Metric]) {
    this.addWidgets(
      new LogQueryWidget({
        title: `Uses of a risk of ${notifyAt} and more`,
        logGroupNames: [usage.logGroupName],
        queryLines: [
          `filter risk >= ${notifyAt}`,
          // A list in a line would be a field for each of its members.
          'parse @message /"risk_reasons":\\[(?<reasons>.*?)\\],"/',
          `fields ${HIGH_RISK}`,
          'sort timestamp desc',
          // Only limit may follow it.
          'dedup event_id',
          'limit 50',
        ],
        ...half,
      }),
      new GraphWidget({
        title: 'Risk of uses, and quarantines',
        left: [highest],
        leftYAxis: { min: 0, max: 100 },
        right: [begun],
        rightYAxis: { min: 0 },
        ...half,
      }),
    );
  }
}

const HIGH_RISK =
  'timestamp, risk, answer, principal, api_key_name, coalesce(ip_address, vpc_endpoint) as source, reasons, event_id';

const half = { width: 12, height: 6 };

const KEYS = [
  [metric.daysUntilRotation, 'Minimum', 'days until rotation'],
  [metric.daysSinceRotation, 'Maximum', 'days since rotation'],
  [metric.stagedKeyReady, 'Minimum', 'standby staged (1: yes)'],
  [metric.currentKeyAccepted, 'Minimum', 'current accepted (1: yes)'],
  [metric.retainedVersions, 'Maximum', 'retained'],
  [metric.awaitingRevocation, 'Maximum', 'awaiting revocation'],
  [metric.oldestAwaitingRevocationHours, 'Maximum', 'oldest awaiting (hours)'],
  [metric.handOverFailed, 'Maximum', 'not handed over'],
] as const;

/** What the sweep logs of a key, by its column. */
const EACH_KEY = Object.entries({
  due_in_days: 'days_until_rotation',
  days_since_rotation: 'days_since_rotation',
  standby_staged: 'staged_key_ready',
  current_accepted: 'current_key_accepted',
  retained: 'retained_versions',
  awaiting_revocation: 'awaiting_revocation',
  not_handed_over: 'hand_over_failed',
})
  .map(([column, field]) => `latest(metadata.${field}) as ${column}`)
  .join(', ');

function metricsOf(environment: string, nouns: readonly FunctionNoun[]) {
  const metricOf = hourlyMetrics(environment);
  const lifecycle = { namespace: METRIC_NAMESPACE, noun: 'lifecycle' } as const;
  const rotation = { namespace: METRIC_NAMESPACE, noun: 'rotation' } as const;
  const guard = { namespace: METRIC_NAMESPACE, noun: GUARD_NOUN } as const;
  return {
    keys: KEYS.map(([name, statistic, label]) => metricOf(lifecycle, name, statistic, label)),
    rotations: [
      metricOf(rotation, metric.rotationSucceeded, 'Sum', 'succeeded'),
      metricOf(rotation, metric.rotationFailed, 'Sum', 'failed steps'),
    ],
    uses: [
      metricOf(guard, guardMetric.readsSeen, 'Sum', 'reads seen'),
      metricOf(guard, guardMetric.suspiciousUses, 'Sum', 'suspicious'),
    ],
    risks: [
      metricOf(guard, guardMetric.highestRisk, 'Maximum', 'highest risk'),
      metricOf(guard, guardMetric.quarantines, 'Sum', 'quarantines begun'),
    ] as const,
    functions: (name: 'Errors' | 'Duration', statistic: string) =>
      nouns.map((noun) => metricOf({ namespace: 'AWS/Lambda', noun }, name, statistic, noun)),
  };
}
