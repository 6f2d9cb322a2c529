import { listOf, statementsOf } from '../aws/policy/document.ts';
import { type Resource, type Resources, resolve } from '../aws/policy/intrinsics.ts';
import { documentsIn } from './permissions/documents.ts';

/** A control of Security Hub, as far as a template can keep it. */
export interface Control {
  /** Its id and title, and what is asserted where a template can't keep it alone. */
  readonly name: string;
  /** Logical ids of the resources that break it. */
  readonly broken: (resources: Resources) => string[];
}

const having =
  (type: string, isBroken: (resource: Resource, id: string) => boolean) => (resources: Resources) =>
    ofType(resources, type)
      .filter(([id, resource]) => isBroken(resource, id))
      .map(([id]) => id);

const ofType = (resources: Resources, type: string) =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);

/** https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html */
const SECRETS_MANAGER: readonly Control[] = [
  {
    name: '[SecretsManager.1] Secrets Manager secrets should have automatic rotation enabled',
    broken: (resources) => {
      const scheduled = ofType(resources, 'AWS::SecretsManager::RotationSchedule')
        .filter(([, { Properties }]) => Properties.RotationLambdaARN && Properties.RotationRules)
        .map(([, { Properties }]) => Properties.SecretId.Ref);
      return having('AWS::SecretsManager::Secret', (_, id) => !scheduled.includes(id))(resources);
    },
  },
  {
    name: '[SecretsManager.2] Secrets Manager secrets configured with automatic rotation should rotate successfully: Secrets Manager may invoke the function before the schedule exists, and a failure alarms',
    broken: (resources) => {
      const [permission] = ofType(resources, 'AWS::Lambda::Permission').find(
        ([, { Properties }]) => Properties.Principal === 'secretsmanager.amazonaws.com',
      ) ?? [''];
      const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').some(
        ([, { Properties }]) => Properties.MetricName === 'RotationFailed',
      );
      return having(
        'AWS::SecretsManager::RotationSchedule',
        ({ DependsOn = [] }) => !alarms || !DependsOn.includes(permission),
      )(resources);
    },
  },
  {
    name: '[SecretsManager.3] Remove unused Secrets Manager secrets: the sweep reads each of them every hour, so that the control always passes',
    broken: (resources) => {
      const isHourly = ofType(resources, 'AWS::Scheduler::Schedule').some(
        ([, { Properties }]) =>
          Properties.ScheduleExpression === 'rate(1 hour)' && Properties.State !== 'DISABLED',
      );
      return having('AWS::SecretsManager::Secret', () => !isHourly)(resources);
    },
  },
  {
    name: '[SecretsManager.4] Secrets Manager secrets should be rotated within a specified number of days: 90, but for keys whose configuration says more',
    broken: having('AWS::SecretsManager::RotationSchedule', ({ Properties }) => {
      const [, days] =
        /^rate\((\d+) days\)$/.exec(Properties.RotationRules.ScheduleExpression) ?? [];
      return !(Number(days) <= 90);
    }),
  },
  {
    name: '[SecretsManager.5] Secrets Manager secrets should be tagged',
    broken: having(
      'AWS::SecretsManager::Secret',
      ({ Properties: { Tags = [] } }) => Tags.length === 0,
    ),
  },
];

/** https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html */
const KMS: readonly Control[] = [
  {
    name: '[KMS.1] IAM customer managed policies should not allow decryption actions on all KMS keys',
    broken: (resources) =>
      having('AWS::IAM::ManagedPolicy', ({ Properties }) =>
        decryptsAll(Properties.PolicyDocument, resources),
      )(resources),
  },
  {
    name: '[KMS.2] IAM principals should not have IAM inline policies that allow decryption actions on all KMS keys',
    broken: (resources) =>
      ['AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'].flatMap((type) =>
        having(type, (resource) =>
          documentsIn({ resource }).some(({ document }) => decryptsAll(document, resources)),
        )(resources),
      ),
  },
  {
    name: '[KMS.3] AWS KMS keys should not be deleted unintentionally: they are kept on removal and on replacement',
    broken: having(
      'AWS::KMS::Key',
      ({ DeletionPolicy, UpdateReplacePolicy }) =>
        !DeletionPolicy?.startsWith('Retain') || UpdateReplacePolicy !== 'Retain',
    ),
  },
  {
    name: '[KMS.4] AWS KMS key rotation should be enabled',
    broken: having('AWS::KMS::Key', ({ Properties }) => Properties.EnableKeyRotation !== true),
  },
  {
    name: '[KMS.5] KMS keys should not be publicly accessible: a policy allows only whom it names, or those of an account, and a service only for this account',
    broken: (resources) =>
      having('AWS::KMS::Key', ({ Properties }) =>
        statementsOf(resolve(Properties.KeyPolicy, resources))
          .filter(({ Effect }) => Effect === 'Allow')
          .some(({ Principal, Condition }) => {
            const [who, when = ''] = [JSON.stringify(Principal), JSON.stringify(Condition)];
            const isFixed = when.includes('111122223333') && !when.includes('*');
            const isOfAccount = /"kms:CallerAccount":"\d{12}"/.test(when);
            return (who.includes('*') && !isOfAccount) || (who.includes('"Service"') && !isFixed);
          }),
      )(resources),
  },
];

/** The controls read the resources and no condition. */
function decryptsAll(document: unknown, resources: Resources): boolean {
  return statementsOf(resolve(document, resources)).some(
    ({ Effect, Action, Resource }) =>
      Effect === 'Allow' &&
      listOf(Action).some((one) => /^(\*|kms:(\*|Decrypt|D.*\*|ReEncrypt(From|\*)))$/.test(one)) &&
      listOf(Resource).some((one) => one === '*' || /:key\/\*$|:kms:.*:\*$/.test(one)),
  );
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const SUPPORTED_RUNTIMES = ['nodejs22.x', 'nodejs24.x'];

const OTHERS: readonly Control[] = [
  /** https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html */
  {
    name: '[SNS.1] SNS topics should be encrypted at-rest using AWS KMS',
    broken: having('AWS::SNS::Topic', ({ Properties }) => !Properties.KmsMasterKeyId),
  },
  /** https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html */
  {
    name: '[Lambda.1] Lambda function policies should prohibit public access: each names one service and this account, and no function has a URL',
    broken: (resources) => [
      ...having(
        'AWS::Lambda::Permission',
        ({ Properties: { Principal, SourceAccount } }) =>
          !/^[a-z]+\.amazonaws\.com$/.test(Principal) || SourceAccount?.Ref !== 'AWS::AccountId',
      )(resources),
      ...ofType(resources, 'AWS::Lambda::Url').map(([id]) => id),
    ],
  },
  {
    name: '[Lambda.2] Lambda functions should use supported runtimes',
    broken: having(
      'AWS::Lambda::Function',
      ({ Properties }) => !SUPPORTED_RUNTIMES.includes(Properties.Runtime),
    ),
  },
  /** https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html */
  {
    name: '[CloudWatch.15] CloudWatch alarms should have specified actions configured',
    broken: having(
      'AWS::CloudWatch::Alarm',
      ({ Properties: { AlarmActions = [] } }) => AlarmActions.length === 0,
    ),
  },
  {
    name: '[CloudWatch.16] CloudWatch log groups should be retained for a specified time period: a year at least',
    broken: having(
      'AWS::Logs::LogGroup',
      ({ Properties: { RetentionInDays = Number.POSITIVE_INFINITY } }) => RetentionInDays < 365,
    ),
  },
  {
    name: '[CloudWatch.17] CloudWatch alarm actions should be activated',
    broken: having(
      'AWS::CloudWatch::Alarm',
      ({ Properties }) => Properties.ActionsEnabled === false,
    ),
  },
];

export const CONTROLS: readonly Control[] = [...SECRETS_MANAGER, ...KMS, ...OTHERS];
