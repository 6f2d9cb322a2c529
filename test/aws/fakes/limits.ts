import type { Clock } from './clock.ts';
import type { ServiceName } from './errors.ts';
import { throttling } from './faults.ts';

interface Quota {
  readonly service: ServiceName;
  readonly commands: readonly string[];
  readonly perSecond: number;
  /** What may be saved up. */
  readonly burst: number;
}

const QUOTAS: readonly Quota[] = [
  // https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
  quota('secretsmanager', 10_000, 'GetSecretValue'),
  quota('secretsmanager', 40_000, 'DescribeSecret'),
  quota('secretsmanager', 50, 'PutSecretValue', 'UpdateSecret', 'UpdateSecretVersionStage'),
  quota('secretsmanager', 50, 'RotateSecret', 'CancelRotateSecret'),
  quota('secretsmanager', 50, 'TagResource', 'UntagResource'),
  quota('secretsmanager', 100, 'ListSecrets'),
  // https://docs.aws.amazon.com/general/latest/gr/ssm.html: GetParameter and its kin share 40
  quota('ssm', 40, 'GetParameter', 'GetParametersByPath'),
  // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
  quota('cloudtrail', 2, 'LookupEvents'),
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html
  quota('logs', 50, 'CreateLogStream'),
  // https://docs.aws.amazon.com/general/latest/gr/cwl_region.html
  quota('logs', 10, 'StartQuery'),
  quota('logs', 10, 'GetQueryResults'),
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html: service modify,
  // service deployment and cluster resource read actions
  { ...quota('ecs', 5, 'UpdateService'), burst: 50 },
  { ...quota('ecs', 20, 'ListServiceDeployments'), burst: 50 },
  { ...quota('ecs', 20, 'ListTasks', 'DescribeTasks'), burst: 100 },
  // The lowest of its quotas; Regions have up to 10,000
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
  quota('events', 400, 'PutEvents'),
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html: a new table's
  quota('dynamodb', 4_000, 'PutItem', 'UpdateItem'),
  quota('dynamodb', 12_000, 'GetItem'),
];

function quota(service: ServiceName, perSecond: number, ...commands: string[]): Quota {
  return { service, perSecond, burst: perSecond, commands };
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** The account's request rates as token buckets on the injected clock. Off unless enabled. */
export class Limits {
  readonly #clock: Clock;
  readonly #buckets = new Map<Quota, Bucket>();
  #enabled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  enable(): void {
    this.#enabled = true;
  }

  take(service: ServiceName, command: string): void {
    const quota = QUOTAS.find((one) => one.service === service && one.commands.includes(command));
    if (!this.#enabled || !quota) return;
    const bucket = this.#filled(quota);
    if (bucket.tokens < 1) throw throttling(service);
    bucket.tokens -= 1;
  }

  #filled(quota: Quota): Bucket {
    const now = this.#clock.now().getTime();
    const { tokens, filledAt } = this.#buckets.get(quota) ?? {
      tokens: quota.burst,
      filledAt: now,
    };
    const gained = ((now - filledAt) / 1000) * quota.perSecond;
    const bucket = { tokens: Math.min(quota.burst, tokens + gained), filledAt: now };
    this.#buckets.set(quota, bucket);
    return bucket;
  }
}
