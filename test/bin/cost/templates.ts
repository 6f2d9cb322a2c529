/** A resource of a template by type and properties. */
type Written = readonly [type: string, properties?: Record<string, unknown>];

export const templateOf = (resources: Readonly<Record<string, Written>>) => ({
  Resources: Object.fromEntries(
    Object.entries(resources).map(([id, [Type, Properties = {}]]) => [id, { Type, Properties }]),
  ),
});

const functionOf = (logs: string): Written => [
  'AWS::Lambda::Function',
  { Architectures: ['arm64'], MemorySize: 512, LoggingConfig: { LogGroup: { Ref: logs } } },
];

/** An environment with one key, as small as it can be. */
export const SMALL = {
  Cmk: ['AWS::KMS::Key', { EnableKeyRotation: true }],
  Secret: ['AWS::SecretsManager::Secret'],
  Rotations: [
    'AWS::SecretsManager::RotationSchedule',
    {
      RotationLambdaARN: { 'Fn::GetAtt': ['Rotation', 'Arn'] },
      RotationRules: { ScheduleExpression: 'rate(90 days)' },
    },
  ],
  Sweeps: [
    'AWS::Scheduler::Schedule',
    {
      ScheduleExpression: 'rate(1 hour)',
      Target: { Arn: { 'Fn::GetAtt': ['Lifecycle', 'Arn'] } },
    },
  ],
  Rotation: functionOf('RotationLogs'),
  Lifecycle: functionOf('LifecycleLogs'),
  Inspect: functionOf('InspectLogs'),
  RotationLogs: ['AWS::Logs::LogGroup', { RetentionInDays: 365 }],
  LifecycleLogs: ['AWS::Logs::LogGroup', { RetentionInDays: 365 }],
  InspectLogs: ['AWS::Logs::LogGroup', { RetentionInDays: 365 }],
  Trail: ['AWS::Logs::LogGroup', { RetentionInDays: 3653 }],
  Alarm: ['AWS::CloudWatch::Alarm', { MetricName: 'Errors', Period: 300 }],
  Dashboard: ['AWS::CloudWatch::Dashboard'],
  Topic: ['AWS::SNS::Topic'],
} as const satisfies Record<string, Written>;
