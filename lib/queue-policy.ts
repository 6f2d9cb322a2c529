import { Aws } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

const SEND = ['sqs:SendMessage'];

/**
 * An event is believed, so nobody else may write one, whatever IAM allows him.
 * @param more conditions of the denial
 */
export function sentBy(
  queue: Queue,
  senders: Readonly<Record<string, string | string[]>>,
  more: Readonly<Record<string, unknown>> = {},
) {
  deny(queue, 'NobodyElseSends', SEND, { ArnNotEquals: senders, ...more });
}

/** Of a request that a principal signs; SQS moves what was received too often by itself. */
export const OF_PRINCIPALS = { Bool: { 'aws:PrincipalIsAWSService': 'false' } } as const;

/**
 * Of a queue into which operators move events back: who they are is known to IAM alone, and SQS sends
 * in their name, so that not everybody else can be denied it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
 */
export function keepFromSending(queue: Queue, roleArns: readonly string[]) {
  deny(queue, 'NoOtherFunctionSends', SEND, { ArnEquals: { 'aws:PrincipalArn': [...roleArns] } });
  deny(queue, 'NoOtherAccountSends', SEND, {
    StringNotEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID },
    ...OF_PRINCIPALS,
  });
}

/**
 * An event that is taken away is seen by nobody, so one role alone may.
 * https://repost.aws/knowledge-center/sqs-access-policy-least-privilege
 */
export function leaveTo(queue: Queue, role: IRole) {
  const actions = [
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:PurgeQueue',
  ];
  const others = { ArnNotEquals: { 'aws:PrincipalArn': role.roleArn } };
  deny(queue, 'NobodyElseTakes', actions, others);
}

function deny(queue: Queue, sid: string, actions: string[], conditions: Record<string, unknown>) {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions,
      resources: [queue.queueArn],
      conditions,
    }),
  );
}
