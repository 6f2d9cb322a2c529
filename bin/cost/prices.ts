/** When and where these were AWS's list prices; other Regions differ by a few per cent. */
export const PRICES_OF = { month: 'November 2026', region: 'us-east-1' } as const;

/** In US dollars for `per` of a thing: a month where it is a thing that is kept. */
export interface Price {
  readonly usd: number;
  readonly per: number;
  readonly source: string;
}

const KMS = 'https://aws.amazon.com/kms/pricing/';
const SECRETS_MANAGER = 'https://aws.amazon.com/secrets-manager/pricing/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const EVENTBRIDGE = 'https://aws.amazon.com/eventbridge/pricing/';
const SNS = 'https://aws.amazon.com/sns/pricing/';
const SQS = 'https://aws.amazon.com/sqs/pricing/';
const DYNAMODB = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const API_GATEWAY = 'https://aws.amazon.com/api-gateway/pricing/';
const XRAY = 'https://aws.amazon.com/xray/pricing/';

export const PRICE = {
  kmsKey: { usd: 1, per: 1, source: KMS },
  /** Of each of a key's first two rotations; further ones are free. */
  kmsRotation: {
    usd: 1,
    per: 1,
    source:
      'https://aws.amazon.com/blogs/security/the-curious-case-of-faster-aws-kms-symmetric-key-rotation/',
  },
  kmsRequest: { usd: 0.03, per: 10_000, source: KMS },
  secret: { usd: 0.4, per: 1, source: SECRETS_MANAGER },
  secretsManagerCall: { usd: 0.05, per: 10_000, source: SECRETS_MANAGER },
  metric: { usd: 0.3, per: 1, source: CLOUDWATCH },
  /** By the metrics that it watches. */
  alarmMetric: { usd: 0.1, per: 1, source: CLOUDWATCH },
  /** The same, where its period is below a minute. */
  fastAlarmMetric: { usd: 0.3, per: 1, source: CLOUDWATCH },
  dashboard: { usd: 3, per: 1, source: CLOUDWATCH },
  logGigabyteIngested: { usd: 0.5, per: 1, source: CLOUDWATCH },
  logGigabyteStored: { usd: 0.03, per: 1, source: CLOUDWATCH },
  lambdaRequest: { usd: 0.2, per: 1_000_000, source: LAMBDA },
  lambdaGigabyteSecondArm: { usd: 0.0000133334, per: 1, source: LAMBDA },
  lambdaGigabyteSecondX86: { usd: 0.0000166667, per: 1, source: LAMBDA },
  scheduledInvocation: { usd: 1, per: 1_000_000, source: EVENTBRIDGE },
  /** Of 64 KB that somebody else than AWS puts on a bus. */
  customEvent: { usd: 1, per: 1_000_000, source: EVENTBRIDGE },
  snsRequest: { usd: 0.5, per: 1_000_000, source: SNS },
  email: { usd: 2, per: 100_000, source: SNS },
  sqsRequest: { usd: 0.4, per: 1_000_000, source: SQS },
  dynamoWrite: { usd: 0.625, per: 1_000_000, source: DYNAMODB },
  /** Of 4 KB, consistently. */
  dynamoRead: { usd: 0.125, per: 1_000_000, source: DYNAMODB },
  /** Storage, and as much of it again for recovery to a point in time. */
  dynamoGigabyte: { usd: 0.25 + 0.2, per: 1, source: DYNAMODB },
  /** Of an HTTP API, of 512 KB; of the first 300 million. */
  httpRequest: { usd: 1, per: 1_000_000, source: API_GATEWAY },
  trace: { usd: 5, per: 1_000_000, source: XRAY },
} as const satisfies Record<string, Price>;

/** Dashboards of an account that cost nothing; the other free tiers are left out of the account. */
export const FREE_DASHBOARDS = 3;
/** Rotations of a KMS key that raise its price. */
export const BILLED_ROTATIONS = 2;

/** Types of resources that cost nothing themselves, and why. */
export const FREE: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Integration': 'a part of an API whose requests are counted',
  'AWS::ApiGatewayV2::Route': 'a part of an API whose requests are counted',
  'AWS::ApiGatewayV2::Stage': 'a part of an API whose requests are counted',
  'AWS::Events::Rule': 'EventBridge takes nothing for events of AWS services',
  'AWS::IAM::ManagedPolicy': 'IAM is free',
  'AWS::IAM::Policy': 'IAM is free',
  'AWS::IAM::Role': 'IAM is free',
  'AWS::KMS::Alias': 'a name of a KMS key that is counted',
  'AWS::Lambda::EventInvokeConfig': 'a setting of a function that is counted',
  'AWS::Lambda::EventSourceMapping': 'its requests to the queue are counted there',
  'AWS::Lambda::LayerVersion': 'Lambda takes nothing for 75 GB of code and layers',
  'AWS::Lambda::Permission': 'a setting of a function that is counted',
  'AWS::Logs::SubscriptionFilter': 'CloudWatch Logs sends for nothing; what receives has its price',
  'AWS::SecretsManager::ResourcePolicy': 'a setting of a secret that is counted',
  'AWS::SecretsManager::RotationSchedule': 'a setting of a secret; rotations are counted as calls',
  'AWS::SNS::TopicPolicy': 'a setting of a topic that is counted',
  'AWS::SQS::QueuePolicy': 'a setting of a queue that is counted',
};

/** What the stack uses without a resource for it. */
export const FREE_USE: readonly string[] = [
  'Staged keys: standard parameters of Parameter Store, free.',
  "Restarts of ECS services: calls of ECS are free (https://aws.amazon.com/ecs/pricing/); the tasks that run beside the earlier ones for minutes are the service's own.",
  'MFA devices that the access guard asks about: IAM is free.',
  'An assessment: LookupEvents is free; Logs Insights takes $0.005 for each GB that it scans, which the report tells.',
  'Who reads the keys, asked by the sweep once a month and by keyctl readers: the same, of 123 days of the log group.',
  'CloudTrail: every read of a key is a management event, free in the event history and in the first trail; each further trail takes $2 per 100,000.',
];
