import type { FunctionNoun } from '../../../lambda/contract.ts';

/** On which resource an action is meant; the first that fits. */
const ON: readonly (readonly [RegExp, string])[] = [
  // They know no resources.
  [/^(secretsmanager:ListSecrets|cloudtrail:LookupEvents|logs:(GetQueryResults|StopQuery))$/, '*'],
  [/^(ecs:ListTasks|lambda:ListEventSourceMappings)$/, '*'],
  [/^ecs:DescribeTasks$/, 'the tasks of dify'],
  [/^ecs:/, 'the service dify/web'],
  [/^events:/, 'the default bus'],
  [/^logs:StartQuery$/, "CloudTrail's log group"],
  [/^logs:/, 'the audit trail'],
  [/^dynamodb:/, "the guard's table"],
  [/^secretsmanager:/, 'the secrets'],
  [/^ssm:/, 'the staged keys'],
  [/^kms:/, 'the CMK of the keys'],
  [/^sns:/, 'the topic'],
  [/^sqs:/, "the relay's queue"],
  [/^lambda:UpdateEventSourceMapping$/, 'the event source mapping of the relay'],
  [/^lambda:/, 'the function emergency'],
  [/^iam:/, 'the users of the account'],
  [/^sts:/, 'the role probe'],
];

/** What a call makes a service do in the caller's name. */
const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  /** https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html */
  'secretsmanager:GetSecretValue': ['kms:Decrypt on the CMK of the keys through secretsmanager'],
  'secretsmanager:PutSecretValue': [
    'kms:Decrypt on the CMK of the keys through secretsmanager',
    'kms:GenerateDataKey on the CMK of the keys through secretsmanager',
  ],
  /** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html */
  'secretsmanager:RotateSecret': ['lambda:InvokeFunction on the function rotation'],
  /** https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html */
  'ssm:GetParametersByPath': ['kms:Decrypt on the CMK of the keys through ssm'],
  /** An account's default tier may be the advanced one, which takes a data key. */
  'ssm:PutParameter': [
    'kms:Encrypt on the CMK of the keys through ssm',
    'kms:GenerateDataKey on the CMK of the keys through ssm',
  ],
  ...Object.fromEntries(
    /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html */
    ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'].map((name) => [
      `dynamodb:${name}`,
      ['kms:Decrypt on the CMK of topic and logs through dynamodb'],
    ]),
  ),
  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html */
  'sqs:SendMessage': [
    'kms:Decrypt on the CMK of topic and logs through sqs',
    'kms:GenerateDataKey on the CMK of topic and logs through sqs',
  ],
  /** https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
  'sns:Publish': [
    'kms:Decrypt on the CMK of topic and logs through sns',
    'kms:GenerateDataKey on the CMK of topic and logs through sns',
  ],
};

/** What some calls need, in the words of `grantsOf`. */
export function needsOf(actions: Iterable<string>): Set<string> {
  const lines = [...actions].flatMap((action) => {
    const [, resource] = ON.find(([pattern]) => pattern.test(action)) ?? [];
    if (!resource) throw new Error(`On what is ${action} meant?`);
    return [`${action} on ${resource}`, ...(IMPLIED[action] ?? [])];
  });
  return new Set(lines);
}

/** Lambda writes a function's log with the function's role. */
export const logging = (noun: FunctionNoun) =>
  ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => `${action} on the log of ${noun}`);

/** Lambda sends segments of a traced function with its role, and X-Ray knows no resources. */
export const TRACING = ['xray:PutTraceSegments on *', 'xray:PutTelemetryRecords on *'];

/** Lambda takes the messages of a queue with the function's role. */
export const polling = (queue: string) => [
  ...['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map(
    (name) => `sqs:${name} on ${queue}`,
  ),
  'kms:Decrypt on the CMK of topic and logs through sqs',
];

/** The access guard writes another record than the rest. */
export const ofGuard = (line: string) => line.replace('on the audit trail', 'on the usage record');

/** The relay's intake reads two secrets of its own, and of the guard's table who is quarantined. */
export const ofIntake = (line: string): string[] => {
  const own = line
    .replace(/^(dynamodb:(?!GetItem).*) on .*/, "$1 on the relay's table")
    .replace('on the CMK of the keys', 'on the CMK of topic and logs');
  const secrets = ["the relay's token", 'the digest key'];
  return own.includes('on the secrets')
    ? secrets.map((secret) => own.replace('the secrets', secret))
    : [own];
};

/** Its sender reads one key, which is decrypted by a grant of the CMK's own policy. */
export const ofSender = (line: string): string[] =>
  line.includes('on the CMK of the keys')
    ? []
    : [
        line
          .replace('on the secrets', "on the relay's key")
          .replace("on the guard's table", "on the relay's table")
          .replace("on the relay's queue", "on the relay's failed events"),
      ];

/** What tells of the keys is asked of another function than the one that acts. */
export const ofInventory = (line: string) =>
  line.replace('on the function emergency', 'on the function inspect');

/** Without a log group of CloudTrail's, queries are of the usage record. */
export const ofRecord = (line: string) =>
  line.replace("StartQuery on CloudTrail's log group", 'StartQuery on the usage record');

export interface Difference {
  readonly idle: readonly string[];
  readonly missing: readonly string[];
}

/** What is allowed and never called, and what is called and not allowed. */
export function difference(granted: ReadonlySet<string>, needed: ReadonlySet<string>): Difference {
  const without = (all: ReadonlySet<string>, others: ReadonlySet<string>) =>
    [...all].filter((one) => !others.has(one)).toSorted();
  return { idle: without(granted, needed), missing: without(needed, granted) };
}
