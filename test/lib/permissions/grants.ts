import type { DeployedRole } from '../../aws/policy/deployed.ts';
import { listOf, statementsOf } from '../../aws/policy/document.ts';

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^arn:aws:secretsmanager:.*:secret:amplitude\/dev\/\*$/, 'the secrets'],
  [/^arn:aws:ssm:.*:parameter\/amplitude\/dev\/\*$/, 'the staged keys'],
  [/^arn:aws:kms:.*:key\/KeysCmk\w+$/, 'the CMK of the keys'],
  [/^arn:aws:kms:.*:key\/OperationsCmk\w+$/, 'the CMK of topic and logs'],
  [/^arn:aws:sns:.*:NotificationsTopic\w+$/, 'the topic'],
  [/^arn:aws:logs:.*:log-group:\/aws\/lambda\/amplitude-dev-([\w-]+):\*$/, 'the log of $1'],
  [/^arn:aws:logs:.*:log-group:\/amplitude\/dev\/trail:\*$/, 'the audit trail'],
  [/^arn:aws:logs:.*:log-group:\/amplitude\/dev\/usage:\*$/, 'the usage record'],
  [/^arn:aws:dynamodb:.*:table\/amplitude-dev-access-guard$/, "the guard's table"],
  [/^arn:aws:sqs:.*:amplitude-dev-access-guard$/, "the guard's queue"],
  [/^arn:aws:sqs:.*:amplitude-dev-access-guard-failed$/, 'the queue of failed events'],
  [/^arn:aws:dynamodb:.*:table\/amplitude-dev-relay$/, "the relay's table"],
  [/^arn:aws:sqs:.*:amplitude-dev-relay$/, "the relay's queue"],
  [/^arn:aws:sqs:.*:amplitude-dev-relay-failed$/, "the relay's failed events"],
  [/^arn:aws:secretsmanager:.*:secret:amplitude\/dev\/web-AbCdEf$/, "the relay's key"],
  [/^arn:aws:secretsmanager:.*:secret:amplitude-relay\/dev\/token-AbCdEf$/, "the relay's token"],
  [/^arn:aws:secretsmanager:.*:secret:amplitude-relay\/dev\/digest-key-AbCdEf$/, 'the digest key'],
  [
    /^arn:aws:lambda:.*:event-source-mapping:RelaySender\w+$/,
    'the event source mapping of the relay',
  ],
  [/^arn:aws:logs:.*:log-group:org\/cloudtrail:\*$/, "CloudTrail's log group"],
  [/^arn:aws:ecs:.*:service\/dify\/web$/, 'the service dify/web'],
  [/^arn:aws:ecs:.*:task\/dify\/\*$/, 'the tasks of dify'],
  [/^arn:aws:events:.*:event-bus\/default$/, 'the default bus'],
  [/^arn:aws:lambda:.*:function:amplitude-dev-([\w-]+)$/, 'the function $1'],
  [/^arn:aws:iam::.*:user\/\*$/, 'the users of the account'],
  [/^arn:aws:iam::.*:role\/AmplitudeKeys-dev-([\w-]+)$/, 'the role $1'],
];

/** What policies allow, each action and resource in words: `kms:Decrypt on … through ssm`. */
export function grantsOf({ policies }: Pick<DeployedRole, 'policies'>): Set<string> {
  const lines = policies
    .flatMap(statementsOf)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action, Resource, Condition = {} }) =>
      listOf(Action).flatMap((action) =>
        listOf(Resource).flatMap((resource) =>
          servicesIn(Condition).map((through) => `${action} on ${nameOf(resource)}${through}`),
        ),
      ),
    );
  return new Set(lines);
}

function nameOf(arn: string): string {
  const [pattern, name] = NAMES.find(([one]) => one.test(arn)) ?? [];
  return pattern && name ? arn.replace(pattern, name) : arn;
}

function servicesIn({ StringEquals }: Readonly<Record<string, Readonly<Record<string, unknown>>>>) {
  const services = listOf((StringEquals?.['kms:ViaService'] ?? []) as string | string[]);
  return services.length === 0
    ? ['']
    : services.map((service) => ` through ${service.replace(/\..*/, '')}`);
}
