import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { OperationsCmk } from './encryption.ts';
import type { Relay } from './relay.ts';
import { through } from './resource-names.ts';

/**
 * What `keyctl relay` needs: to look at the backlog, to move failed events back, and to make a token and
 * read it, since somebody has to paste it into Dify. The key of the digests is no operator's.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
export function relayStatements(
  { intake, queues: { queue, failed }, secrets }: Relay,
  cmk: OperationsCmk,
): PolicyStatement[] {
  const allow = (actions: string[], resources: string[], conditions = {}) =>
    new PolicyStatement({ actions, resources, conditions });
  return [
    allow(['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'], [queue.queueArn, failed.queueArn]),
    allow(
      [
        'sqs:StartMessageMoveTask',
        'sqs:ListMessageMoveTasks',
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
      ],
      [failed.queueArn],
    ),
    allow(['sqs:SendMessage'], [queue.queueArn]),
    allow(['lambda:ListEventSourceMappings'], ['*']),
    // Which API may invoke it, of whose id the relay's URL is made.
    allow(['lambda:GetPolicy'], [intake.functionArn]),
    allow(
      ['DescribeSecret', 'GetSecretValue', 'PutSecretValue'].map(
        (name) => `secretsmanager:${name}`,
      ),
      [secrets.tokenArn],
    ),
    allow(['kms:Decrypt', 'kms:GenerateDataKey'], [cmk.keyArn], through('sqs', 'secretsmanager')),
  ];
}
